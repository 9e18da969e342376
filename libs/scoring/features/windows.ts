import { at, type SqlWriter } from './sql-writer.js';

/** Rows of the last so many milliseconds, each of which became so at an instant. */
export interface Window {
  /** When a row became so, as in `e.at`. */
  readonly time: string;
  /** Which rows matter: a condition. */
  readonly matching: string;
  readonly ms: number;
}

/** The row matters and lies in the window: a condition. The window is half open: a row leaves it exactly when it is so old. */
export function inside({ time, matching, ms }: Window, writer: SqlWriter): string {
  return `${matching} and ${time} > ${writer.before(ms)} and ${time} <= ${at}`;
}

/**
 * When the first row leaves any of these windows, for each length of a window: aggregates, each an instant or null.
 * One aggregate for all that look back equally far costs less than one for each.
 */
export function leaving(windows: readonly Window[], writer: SqlWriter): string[] {
  const groups = Map.groupBy(windows, ({ time, ms }) => `${time} ${String(ms)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const matching = [...new Set(group.map((each) => `(${each.matching})`))].join(' or ');
    return [`min(${first.time}) filter (where ${inside({ ...first, matching: `(${matching})` }, writer)}) + ${interval(first.ms)}`];
  });
}

/** A duration that does not depend on a calendar. */
const interval = (ms: number): string => `interval '${String(Math.round(ms))} milliseconds'`;
