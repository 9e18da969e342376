const dayMs = 86_400_000;

/** Further away than this is no further. */
const longestDays = 720;
export const longestDaysMs = longestDays * dayMs;

/**
 * Days are counted in steps that grow with the distance: a model learns nothing from the 201st day as against the 202nd, and each step is one that a
 * sweep has to follow. Whole days below two weeks, whole weeks below 90 days, 30 days up to two years.
 */
const steps: readonly number[] = [
  ...Array.from({ length: 14 }, (_, day) => day),
  ...Array.from({ length: 11 }, (_, week) => 14 + 7 * week),
  ...Array.from({ length: 22 }, (_, month) => 90 + 30 * month),
];

/** A number of days, NaN where it is not known, and when it will be another because time went by: milliseconds since 1970, NaN for never. */
export interface Aged {
  readonly value: number;
  readonly changesAt: number;
}

const unknown: Aged = { value: NaN, changesAt: NaN };

/** How many days ago an instant was, in steps. */
export function daysSince(instant: number, now: number): Aged {
  if (!(instant <= now)) return unknown;
  const step = lastStepUpTo((now - instant) / dayMs);
  const next = steps[step + 1];
  return { value: steps[step] ?? longestDays, changesAt: next === undefined ? NaN : instant + next * dayMs };
}

/** In how many days an instant will be, in steps; negative where it has been. */
export function daysUntil(instant: number, now: number): Aged {
  if (Number.isNaN(instant)) return unknown;
  if (instant <= now) {
    const { value, changesAt } = daysSince(instant, now);
    return { value: 0 - value, changesAt };
  }
  const days = (instant - now) / dayMs;
  const below = lastStepUpTo(days);
  // A step is left at the instant at which no more than the one below it remains.
  const step = Math.min(steps[below] === days ? below : below + 1, steps.length - 1);
  return { value: steps[step] ?? longestDays, changesAt: instant - (steps[step - 1] ?? 0) * dayMs };
}

/** The midnight of a date that begins a text, as in `2026-01-31`, in UTC; NaN where there is none. */
export function midnightOf(text: unknown): number {
  const date = typeof text === 'string' ? /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] : undefined;
  const at = date === undefined ? NaN : Date.parse(`${date}T00:00:00Z`);
  // The 31st of February would be a day in March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date ?? '') ? at : NaN;
}

/** The place of the last step that is no greater. */
function lastStepUpTo(days: number): number {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((steps[middle] ?? 0) <= days) low = middle;
    else high = middle - 1;
  }
  return low;
}
