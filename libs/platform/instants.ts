/*
 * What an instant from outside may be. PostgreSQL ends before the year 4713 BC, luxon and Date have other ends,
 * and a window around an instant must not leave any of them: so every way in has one pair of bounds, far inside.
 */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2200, 0, 1);

/** How far the clocks of two systems may lie apart. In milliseconds. */
export const clockSkewMs = 5 * 60_000;

/** What is said of an instant that cannot be taken; undefined for one that can. */
export function whyNoInstant(at: Date): string | undefined {
  const ms = at.getTime();
  return ms >= earliest && ms < latest ? undefined : 'is not an instant from 1900 to 2199';
}

/** What is said of an instant that is yet to come. */
export const aheadOfNow = 'lies in the future';

/**
 * Whether something is said to have happened that cannot have happened yet. Wherever the latest instant decides, it would
 * outlive all that is said until then.
 * @param now campaign time
 */
export function isAhead(at: Date, now: Date): boolean {
  return at.getTime() > now.getTime() + clockSkewMs;
}

/** An instant that another system's clock has set, as ours has it: nothing has happened later than now. */
export function notAfter(at: Date, now: Date): Date {
  return at > now ? now : at;
}
