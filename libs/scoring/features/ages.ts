import { at } from './sql-writer.js';

const dayMs = 86_400_000;

/**
 * Days are counted in steps that grow with the distance: a model learns nothing from the 201st day as against the 202nd, and each step is one
 * that a sweep has to follow. Whole days below two weeks, whole weeks below 90 days, 30 days below two years.
 */
const steps = [
  { below: 14, by: 1 },
  { below: 90, by: 7 },
  { below: 720, by: 30 },
] as const;

/** Further away than this is no further. */
export const longestDays = 720;
export const longestDaysMs = longestDays * dayMs;

type Step = (typeof steps)[number];

/** What stands for each step, and beyond the last. @param by whether the end of a step belongs to it */
const cases = (days: string, by: '<' | '<=', write: (step: Step) => string, beyond: string): string =>
  `(case ${steps.map((step) => `when ${days} ${by} ${String(step.below)} then ${write(step)}`).join(' ')} else ${beyond} end)`;

/** Days as a number without error: half an instant before a boundary must not count as beyond it. */
const daysBetween = (earlier: string, later: string): string => `(extract(epoch from ${later} - ${earlier}) / 86400)`;
const plusDays = (instant: string, days: string): string => `(${instant} + ${days} * interval '24 hours')`;

/** How many days ago an instant was, in steps; null where it is null. It must not lie ahead. */
export function daysSince(instant: string): string {
  const days = daysBetween(instant, at);
  return `(case when ${instant} is not null then ${cases(days, '<', ({ by }) => `floor(${days} / ${String(by)}) * ${String(by)}`, String(longestDays))} end)::double precision`;
}

/** When those days are others. */
export function daysSinceChangesAt(instant: string): string {
  const days = daysBetween(instant, at);
  const next = cases(
    days,
    '<',
    ({ by, below }) => `least(floor(${days} / ${String(by)}) * ${String(by)} + ${String(by)}, ${String(below)})`,
    'null',
  );
  return plusDays(instant, next);
}

/** In how many days an instant will be, in steps; negative where it has been; null where it is null. */
export function daysUntil(instant: string): string {
  const days = daysBetween(at, instant);
  const ahead = cases(
    days,
    '<=',
    ({ by, below }) => `least(ceil(${days} / ${String(by)}) * ${String(by)}, ${String(below)})`,
    String(longestDays),
  );
  return `(case when ${instant} > ${at} then ${ahead}::double precision else 0 - ${daysSince(instant)} end)`;
}

/** When those days are others. */
export function daysUntilChangesAt(instant: string): string {
  const days = daysBetween(at, instant);
  const left = cases(days, '<=', ({ by }) => `(ceil(${days} / ${String(by)}) - 1) * ${String(by)}`, String(longestDays - 30));
  return `(case when ${instant} > ${at} then ${plusDays(instant, `-${left}`)} else ${daysSinceChangesAt(instant)} end)`;
}
