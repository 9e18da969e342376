import { clockChangeOn, offsetMs } from './contact-zones.js';
import type { ContactWindow } from '../../channels/contact-window.js';

const minute = 60_000;
const day = 86_400_000;

/** How far ahead an opening is searched. Rules repeat weekly, but a clock change can skip a week's only window, and holidays can skip several. */
const horizonDays = 35;

/** Local days on which nobody is contacted from midnight to midnight, counted from 1970-01-01. A Set of numbers is one. */
export interface Calendar {
  has(localDay: number): boolean;
}

/** One zone that a customer may be in, and the rules that hold there: each a set of windows. */
export interface ContactPlace {
  /** IANA name. */
  readonly zone: string;
  readonly rules: readonly (readonly ContactWindow[])[];
  readonly closed?: Calendar | undefined;
}

/** A customer may be contacted while every rule of every place where they may be has an open window. */
export type ContactHours = readonly ContactPlace[];

/** True if `at` (milliseconds since 1970) is not in a quiet window, by the wall clocks of all the zones. */
export function isOpen(hours: ContactHours, at: number): boolean {
  return hours.every(({ zone, rules, closed }) => {
    const local = at + offsetMs(zone, at);
    const localDay = Math.floor(local / day);
    if (closed?.has(localDay) === true) return false;
    const weekday = isoWeekday(localDay);
    const minuteOfDay = Math.floor((local - localDay * day) / minute);
    return rules.every((windows) => windows.some((window) => covers(window, weekday, minuteOfDay)));
  });
}

/**
 * The earliest instant, `at` itself or later, at which the customer may be contacted.
 * @returns milliseconds since 1970, or null if the zones and rules have no common opening
 */
export function nextOpening(hours: ContactHours, at: number): number | null {
  const span = spanAt(hours, at);
  return span.open ? at : span.until;
}

/**
 * The first instant after `at` that lies in a quiet window.
 * @returns milliseconds since 1970, or null if it is never quiet
 */
export function nextQuiet(hours: ContactHours, at: number): number | null {
  const span = spanAt(hours, at);
  return span.open ? span.until : firstChange(hours, at, (change) => !isOpen(hours, change));
}

/** A period that is completely open or completely quiet. */
interface Span {
  readonly open: boolean;
  readonly from: number;
  /** Null if no end was found. */
  readonly until: number | null;
}

/** The last result. Customers of one place share their hours, and a batch has one moment. */
const lastSpans = new WeakMap<ContactHours, Span>();

function spanAt(hours: ContactHours, at: number): Span {
  const last = lastSpans.get(hours);
  // An end that was too far away before may be within reach now.
  if (last !== undefined && at >= last.from && at < (last.until ?? last.from + day)) return last;
  const open = isOpen(hours, at);
  const span: Span = { open, from: at, until: firstChange(hours, at, (change) => isOpen(hours, change) !== open) };
  lastSpans.set(hours, span);
  return span;
}

/**
 * Yields the instants at which the answer can change, in order: the boundaries of the windows, midnights (when the weekday changes) and the
 * clock changes of every zone. A few unnecessary instants are harmless, because each one is checked.
 */
function firstChange(hours: ContactHours, after: number, wanted: (at: number) => boolean): number | null {
  const places = hours.map(({ zone, rules }) => ({
    zone,
    boundaries: [...new Set([0, ...rules.flat().flatMap((window) => [window.from, window.to])])],
  }));
  const firstDay = Math.floor(after / day);
  for (let utcDay = firstDay; utcDay <= firstDay + horizonDays; utcDay++) {
    const changes = new Set(places.flatMap(({ zone, boundaries }) => changesOn(zone, utcDay, boundaries)));
    const found = [...changes]
      .filter((change) => change > after)
      .sort((a, b) => a - b)
      .find(wanted);
    if (found !== undefined) return found;
  }
  return null;
}

/** Instants of a UTC day at which a zone's wall clock reaches a boundary, or is put forward or back. */
function changesOn(zone: string, utcDay: number, boundaries: readonly number[]): number[] {
  const [start, end] = [utcDay * day, (utcDay + 1) * day];
  const clockChange = clockChangeOn(zone, utcDay);
  const changes = clockChange === null ? [] : [clockChange];
  for (const offset of new Set([offsetMs(zone, start), offsetMs(zone, end)])) {
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

function covers({ days, from, to }: ContactWindow, weekday: number, minuteOfDay: number): boolean {
  if (from < to) return days.includes(weekday) && minuteOfDay >= from && minuteOfDay < to;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return (days.includes(weekday) && minuteOfDay >= from) || (days.includes(yesterday) && minuteOfDay < to);
}

/** 1970-01-01 was a Thursday. */
function isoWeekday(localDay: number): number {
  return ((((localDay + 3) % 7) + 7) % 7) + 1;
}
