import type { ScoreKind, ScoreVersion } from '../../api/types.js';
import { count, inPoints, percent } from '../../format/number.js';
import { spelledOut, type Word } from '../../format/words.js';

const driftWords: Readonly<Record<NonNullable<ScoreKind['drift']>['state'], Word>> = {
  steady: { text: 'Steady', tone: 'leaf' },
  moving: { text: 'Moving', tone: 'amber' },
  moved: { text: 'Moved away', tone: 'rose' },
};

/** How far customers are from those that the model learnt from, in a word. */
export const driftWord = ({ drift }: Pick<ScoreKind, 'drift'>): Word =>
  drift === null ? { text: 'Not measured', tone: 'stone' } : driftWords[drift.state];

const stateWords: Readonly<Record<ScoreVersion['state'], Word>> = {
  champion: { text: 'In use', tone: 'leaf' },
  challenger: { text: 'In shadow', tone: 'sky' },
  candidate: { text: 'Not used', tone: 'stone' },
  retired: { text: 'Retired', tone: 'stone' },
};

/** A version that missed a gate cannot be used, whatever else it is. */
export const versionWord = ({ state, refusedFor }: Pick<ScoreVersion, 'state' | 'refusedFor'>): Word =>
  refusedFor.length > 0 ? { text: 'Missed a gate', tone: 'rose' } : stateWords[state];

const names: Readonly<Record<string, string>> = {
  upsell: 'Up-sell',
  crosssell: 'Cross-sell',
  clv: 'Lifetime value',
};

/** What a score is called: as it is declared, or by its kind. */
export const titleOf = ({ kind, title }: Pick<ScoreKind, 'kind' | 'title'>): string => title ?? names[kind] ?? spelledOut(kind);

const outcomes: Readonly<Record<string, string>> = {
  churn: 'left',
  upsell: 'took more',
  crosssell: 'took another product',
  bad_debt: 'did not pay',
};

/** What became of a customer to whom it happened: "left". */
export const outcomeOf = (kind: string): string => outcomes[kind] ?? 'had it happen';

const four = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
/** @param value undefined where this kind of model has no such figure */
export const figureText = (value: number | undefined): string => (value === undefined ? '–' : four.format(value));

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export const intervalText = ({ low, high }: Interval): string => `${figureText(low)} to ${figureText(high)}`;

/** Whether a score can be trusted, in sentences. */
export function trustSentences(kind: ScoreKind, intervals: Readonly<Record<string, Interval>> | undefined): string {
  const { champion, drift } = kind;
  if (champion === null) return '';
  return [
    ...qualitySentences(kind, champion.metrics, intervals?.['auc']),
    drift === null
      ? 'Whether customers are still like those that it learnt from is known after a sweep of most of them.'
      : driftSentence(drift),
  ].join(' ');
}

/** How well it does on customers that it did not learn from: of a likelihood, an amount, or an influence. */
function qualitySentences(
  { kind }: Pick<ScoreKind, 'kind'>,
  { auc, ece, amount, network }: NonNullable<ScoreKind['champion']>['metrics'],
  range: Interval | undefined,
): string[] {
  const between = range === undefined ? '' : ` (between ${percent(range.low, 0)} and ${percent(range.high, 0)}, 95% sure)`;
  return [
    ...(auc === undefined
      ? []
      : [`Of two customers of whom one ${outcomeOf(kind)}, it ranks that one higher in ${percent(auc, 0)} of cases${between}.`]),
    ...(ece === undefined ? [] : [`What it says is off by ${inPoints(ece)} points on average, on customers that it did not learn from.`]),
    ...(amount === undefined
      ? []
      : [
          `Its rank correlation with what was observed is ${figureText(amount.rankCorrelation)}; all amounts together are off by ${percent(amount.calibrationError, 0)}.`,
        ]),
    ...(network === undefined
      ? []
      : [`It was computed from ${count(network.ties)} ties; ${count(network.tied)} of ${count(network.customers)} customers have one.`]),
  ];
}

function driftSentence({ state, moved }: NonNullable<ScoreKind['drift']>): string {
  const [most] = moved;
  if (state === 'steady' || most === undefined) return 'Customers are still like those that it learnt from.';
  const what = most.feature === 'score' ? 'the score itself' : `“${most.title}”`;
  return state === 'moving'
    ? `Customers have begun to differ from those that it learnt from, most of all in ${what}.`
    : `Customers differ much from those that it learnt from, most of all in ${what}: train it again.`;
}
