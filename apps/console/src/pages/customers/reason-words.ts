import type { ScoreReason } from '../../api/types.js';
import { spelledOut } from '../../format/words.js';

const decimals = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const factor = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A value as somebody says it: "yes", "month to month", "12.5"; "not known" if there is none. */
export function valueText(value: string | number | boolean | null): string {
  if (value === null || value === '') return 'not known';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return decimals.format(value);
  return value.replaceAll(/(?<=[a-z])-(?=[a-z])/g, ' ');
}

type Titles = Readonly<Record<string, string>>;

/** What a score looks at. */
export const featureText = ({ feature }: ScoreReason, titles: Titles): string => titles[feature] ?? spelledOut(feature);

/** What a score looks at, and what it found: "How long the customer is bound: month to month". */
export const reasonText = (reason: ScoreReason, titles: Titles): string => `${featureText(reason, titles)}: ${valueText(reason.value)}`;

/** On the log-odds scale: from there on it multiplies the odds by 2.7, and by 1.5. */
const strong = 1;
const clear = 0.4;

/** What a reason does to a likelihood, for an agent to say. */
export function effectText(contribution: number): string {
  const size = Math.abs(contribution);
  const how = size >= strong ? 'strongly' : size >= clear ? 'clearly' : 'slightly';
  if (contribution === 0) return 'makes no difference';
  return `${contribution > 0 ? 'raises' : 'lowers'} it ${how}`;
}

/** By how much it multiplies the odds, compared with the average customer: "× 2.5", "÷ 1.6". */
export function oddsText(contribution: number): string {
  return `${contribution < 0 ? '÷' : '×'} ${factor.format(Math.exp(Math.abs(contribution)))}`;
}

/** How long each bar is, as a share of half of the picture: the strongest reason takes it whole. Small effects stay small. */
export function barLengths(contributions: readonly number[]): readonly number[] {
  const longest = Math.max(...contributions.map(Math.abs), strong / 2);
  return contributions.map((contribution) => Math.abs(contribution) / longest);
}
