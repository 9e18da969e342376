/** With fewer examples of either outcome than this, a model would learn noise. */
export const leastOfEither = 50;

/**
 * Why nothing can be learnt from these outcomes, as a sentence; undefined where there is enough.
 * @param labels 1 where it happened, else 0; one a customer
 */
export function whyNotLearnable(labels: Uint8Array, least = leastOfEither): string | undefined {
  const happened = labels.reduce((sum, label) => sum + label, 0);
  const rows = labels.length;
  if (rows === 0) return 'There are no customers to learn from';
  if (happened === 0) return `It happened to none of the ${rows} customers, so there is no difference to learn`;
  if (happened === rows) return `It happened to all ${rows} customers, so there is no difference to learn`;
  if (Math.min(happened, rows - happened) >= least) return undefined;
  return `It happened to ${happened} of ${rows} customers: at least ${least} to whom it happened, and ${least} to whom it did not, are needed`;
}
