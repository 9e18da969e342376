import { at, interval, type SqlWriter } from './sql-writer.js';

/** What a window of the last so many milliseconds means over rows that each became so at an instant. */
export interface Window {
  /** The row lies in it: a condition. The window is half open: a row leaves it exactly when it is so old. */
  readonly inside: string;
  /** When what lies in it is next another because time went by: the oldest row that matters leaves, or one that lies ahead comes in. */
  readonly changesAt: string;
  readonly reachMs: number;
}

/**
 * @param time of a row, as in `e.at`
 * @param matching a condition: which rows matter
 */
export function window(time: string, matching: string, ms: number, writer: SqlWriter): Window {
  const inside = `${matching} and ${time} > ${writer.before(ms)} and ${time} <= ${at}`;
  const leaves = `min(${time}) filter (where ${inside}) + ${interval(ms)}`;
  return { inside, changesAt: `least(${leaves}, ${comesIn(time, matching)})`, reachMs: ms };
}

/** When the first row that lies ahead is no longer ahead. */
export function comesIn(time: string, matching: string): string {
  return `min(${time}) filter (where ${matching} and ${time} > ${at})`;
}
