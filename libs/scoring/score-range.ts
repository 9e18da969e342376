/** Kinds whose values are likelihoods; the others are amounts or indices of the company's own. */
const likelihoods: ReadonlySet<string> = new Set(['churn', 'upsell', 'crosssell', 'bad_debt']);

/** The least and the greatest value that a score of this kind can have; undefined where there is no bound. */
export function rangeOf(kind: string): readonly [least: number, most: number] | undefined {
  return likelihoods.has(kind) ? [0, 1] : undefined;
}
