import { IANAZone } from 'luxon';

const minute = 60_000;
const day = 86_400_000;

/** A zone's wall clock on one UTC day. No zone has changed its clocks twice in one UTC day since the tables have minutes. */
interface ZoneDay {
  /** What to add to UTC until `change` ... */
  readonly before: number;
  /** ... and from then on. */
  readonly after: number;
  /** Infinity if the clocks do not change. */
  readonly change: number;
}

/** The number of remembered days for each zone; journeys need a few days around now. */
const mostDays = 4_000;
const known = new Map<string, Map<number, ZoneDay>>();

/**
 * What to add to UTC for the wall clock of the zone, in milliseconds. Exact, and a look-up except for the first question about a day,
 * because luxon formats a date for each answer.
 */
export function offsetMs(zone: string, at: number): number {
  const { before, after, change } = zoneDay(zone, Math.floor(at / day));
  return at < change ? before : after;
}

/** The instant within that day (UTC, counted from 1970) at which the zone's clocks are put forward or back; null if they are not. */
export function clockChangeOn(zone: string, utcDay: number): number | null {
  const { change } = zoneDay(zone, utcDay);
  return change === Infinity ? null : change;
}

function zoneDay(zone: string, utcDay: number): ZoneDay {
  let days = known.get(zone);
  if (days === undefined || days.size > mostDays) known.set(zone, (days = new Map<number, ZoneDay>()));
  let found = days.get(utcDay);
  if (found === undefined) days.set(utcDay, (found = readDay(IANAZone.create(zone), utcDay * day)));
  return found;
}

function readDay(zone: IANAZone, start: number): ZoneDay {
  const offsetAt = (at: number): number => zone.offset(at) * minute;
  const [before, after] = [offsetAt(start), offsetAt(start + day)];
  if (before === after) return { before, after, change: Infinity };
  let [low, high] = [start / minute, (start + day) / minute];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * minute) === before) low = middle;
    else high = middle;
  }
  return { before, after, change: high * minute };
}
