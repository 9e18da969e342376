import { IANAZone } from 'luxon';

const minute = 60_000;
const day = 86_400_000;

/** How far ahead an opening is looked for: more than a week, since a rule repeats weekly and a clock change may shift it. */
const horizonDays = 9;

/** A stretch of local time on certain weekdays during which a customer may be contacted. */
export interface ContactWindow {
  /** ISO weekdays on which it begins, 1 for Monday to 7. */
  readonly days: readonly number[];
  /** Local minute of the day at which it opens ... */
  readonly from: number;
  /** ... and at which it closes, at most 1440. Not after `from`: it closes on the following day. */
  readonly to: number;
}

/** One zone that a customer may be in, and the rules that hold there: each a set of windows. */
export interface ContactPlace {
  /** IANA name. */
  readonly zone: string;
  readonly rules: readonly (readonly ContactWindow[])[];
}

/** A customer may be contacted while, at every place where they may be, every one of its rules has a window open. */
export type ContactHours = readonly ContactPlace[];

/** True where `at` (milliseconds since 1970) is not in a quiet window, by the wall clocks of all the zones. */
export function isOpen(hours: ContactHours, at: number): boolean {
  return hours.every(({ zone, rules }) => {
    const local = at + offsetMs(zone, at);
    const weekday = isoWeekday(local);
    const minuteOfDay = Math.floor((local - Math.floor(local / day) * day) / minute);
    return rules.every((windows) => windows.some((window) => covers(window, weekday, minuteOfDay)));
  });
}

/**
 * The earliest instant, `at` itself or later, at which the customer may be contacted.
 * @returns milliseconds since 1970, or null where the zones and rules leave no common opening
 */
export function nextOpening(hours: ContactHours, at: number): number | null {
  if (isOpen(hours, at)) return at;
  return firstChange(hours, at, (change) => isOpen(hours, change));
}

/**
 * The first instant after `at` that lies in a quiet window.
 * @returns milliseconds since 1970, or null where it is never quiet
 */
export function nextQuiet(hours: ContactHours, at: number): number | null {
  return firstChange(hours, at, (change) => !isOpen(hours, change));
}

/**
 * Walks the instants at which the answer can change at all, in order: the boundaries of the windows, the midnights
 * (the weekday changes) and the clock changes of every zone. A few instants too many do no harm: each one is judged.
 */
function firstChange(hours: ContactHours, after: number, wanted: (at: number) => boolean): number | null {
  const places = hours.map(({ zone, rules }) => ({
    zone,
    boundaries: [...new Set([0, ...rules.flat().flatMap((window) => [window.from, window.to])])],
  }));
  const firstDay = Math.floor(after / day);
  for (let utcDay = firstDay; utcDay <= firstDay + horizonDays; utcDay++) {
    const found = places
      .flatMap(({ zone, boundaries }) => changesOn(zone, utcDay * day, boundaries))
      .filter((change) => change > after)
      .sort((a, b) => a - b)
      .find(wanted);
    if (found !== undefined) return found;
  }
  return null;
}

/** Instants in [start, start + 1 day) at which a zone's wall clock reaches a boundary, or is put forward or back. */
function changesOn(zone: string, start: number, boundaries: readonly number[]): number[] {
  const end = start + day;
  const [before, after] = [offsetMs(zone, start), offsetMs(zone, end)];
  const changes = before === after ? [] : [clockChange(zone, start, end)];
  for (const offset of new Set([before, after])) {
    const midnight = Math.floor((start + offset) / day) * day - offset;
    for (const base of [midnight, midnight + day]) {
      for (const boundary of boundaries) {
        const at = base + boundary * minute;
        if (at >= start && at < end) changes.push(at);
      }
    }
  }
  return changes;
}

/** The minute in (from, to] from which the later offset holds. */
function clockChange(zone: string, from: number, to: number): number {
  const before = offsetMs(zone, from);
  let [low, high] = [from / minute, to / minute];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(zone, middle * minute) === before) low = middle;
    else high = middle;
  }
  return high * minute;
}

function covers({ days, from, to }: ContactWindow, weekday: number, minuteOfDay: number): boolean {
  if (from < to) return days.includes(weekday) && minuteOfDay >= from && minuteOfDay < to;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return (days.includes(weekday) && minuteOfDay >= from) || (days.includes(yesterday) && minuteOfDay < to);
}

/** What to add to UTC for the wall clock of the zone. */
function offsetMs(zone: string, at: number): number {
  return IANAZone.create(zone).offset(at) * minute;
}

/** 1970-01-01 was a Thursday. */
function isoWeekday(localMs: number): number {
  return ((((Math.floor(localMs / day) + 3) % 7) + 7) % 7) + 1;
}
