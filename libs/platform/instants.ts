/*
 * What an instant from outside may be. PostgreSQL, luxon and Date have different limits, and a window around an instant must stay within
 * all of them. So every input uses one pair of bounds, far inside those limits.
 */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2200, 0, 1);

/** How far the clocks of two systems may lie apart. In milliseconds. */
export const clockSkewMs = 5 * 60_000;

/** Why an instant is refused; undefined if it is accepted. */
export function whyNoInstant(at: Date): string | undefined {
  const ms = at.getTime();
  return ms >= earliest && ms < latest ? undefined : 'is not an instant from 1900 to 2199';
}

/** The error for an instant in the future. */
export const aheadOfNow = 'lies in the future';

/**
 * Whether an event is dated in the future. Where the latest instant decides, such an event would win over everything that is recorded until
 * its date.
 * @param now campaign time
 */
export function isAhead(at: Date, now: Date): boolean {
  return at.getTime() > now.getTime() + clockSkewMs;
}

/** An instant from another system's clock, brought to ours: no event is later than now. */
export function notAfter(at: Date, now: Date): Date {
  return at > now ? now : at;
}
