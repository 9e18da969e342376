import { findTarget, type Target } from './find-target.js';
import { lookAtFeature, type Finding, type Outcomes } from './look-at-feature.js';
import type { SampleColumn } from './sample.js';

/** A first draft of a declaration, for a person to correct. */
export interface Draft {
  readonly rows: number;
  readonly target: Target | undefined;
  /** The attribute that says what happened. */
  readonly targetName: string | undefined;
  /** Customers to whom it happened, and to whom it did not; undefined where the target is a value or was not found. */
  readonly counts: { readonly happened: number; readonly otherwise: number } | undefined;
  /** Every other column, in the order of the file. */
  readonly findings: readonly (Finding & Pick<SampleColumn, 'column' | 'name'>)[];
  /** What a person must know before training, as sentences. */
  readonly warnings: readonly string[];
}

/** Fewer customers of one outcome than this teach hardly anything. */
const fewOfOne = 30;

/** Looks at the columns of a sample and drafts a declaration. Pure: the same columns give the same draft. */
export function declareScore(columns: readonly SampleColumn[]): Draft {
  const target = findTarget(columns);
  const rows = columns[0]?.cells.length ?? 0;
  const outcomes = target === undefined ? undefined : outcomesOf(target, columns);
  const count = (wanted: 0 | 1): number => outcomes?.of.filter((outcome) => outcome === wanted).length ?? 0;
  const counts = target?.happened === undefined ? undefined : { happened: count(1), otherwise: count(0) };
  const before = new Map<string, string>();
  const findings = columns
    .filter(({ column }) => column !== target?.column)
    .map((each): Draft['findings'][number] => {
      const { column, name } = each;
      const finding = lookAtFeature(each, outcomes);
      if (finding.feature === undefined) return { ...finding, column, name };
      const content = JSON.stringify(each.cells);
      const twin = before.get(content);
      if (twin !== undefined) return { feature: undefined, reason: `it says the same as ${twin}`, column, name };
      before.set(content, column);
      return { ...finding, column, name };
    });
  const targetName = target === undefined ? undefined : nameOfTarget(target, columns);
  return { rows, target, targetName, counts, findings, warnings: warningsOf(target, counts, rows, findings) };
}

/** Who churned stands in one attribute, whatever the file calls it; other outcomes keep the name of their column. */
function nameOfTarget({ column, score }: Target, columns: readonly SampleColumn[]): string | undefined {
  return score === 'churn' ? 'churned_before' : columns.find((each) => each.column === column)?.name;
}

function outcomesOf({ column, score, happened, otherwise }: Target, columns: readonly SampleColumn[]): Outcomes {
  const cells = (happened !== undefined && columns.find((each) => each.column === column)?.cells) || [];
  return { score, of: cells.map((cell) => (happened?.includes(cell) === true ? 1 : otherwise.includes(cell) ? 0 : undefined)) };
}

const customers = (count: number): string => (count === 1 ? '1 customer' : `${count} customers`);

function warningsOf(target: Target | undefined, counts: Draft['counts'], rows: number, findings: Draft['findings']): string[] {
  if (target === undefined) {
    return ['No column says what happened to a customer: name it under target, as an attribute that is true or false.'];
  }
  const features = findings.filter(({ feature }) => feature !== undefined).length;
  const none = features === 0 ? ['No column can be learnt from.'] : [];
  const guess = target.isGuess ? [`That "${target.column}" says what happened is only a guess.`] : [];
  if (counts === undefined) return [...guess, ...none];
  const { happened, otherwise } = counts;
  const unknown = rows - happened - otherwise;
  return [
    ...guess,
    ...none,
    ...(happened === 0 || otherwise === 0
      ? [`It ${happened === 0 ? 'happened to nobody' : 'happened to everybody'} in these rows: nothing can be learnt from them.`]
      : Math.min(happened, otherwise) < fewOfOne
        ? [
            `It ${happened < otherwise ? 'happened' : 'did not happen'} to only ${customers(Math.min(happened, otherwise))}: expect little of a score.`,
          ]
        : []),
    ...(unknown > 0 ? [`For ${unknown} of ${rows} customers the file does not say whether it happened: nothing is learnt from them.`] : []),
  ];
}
