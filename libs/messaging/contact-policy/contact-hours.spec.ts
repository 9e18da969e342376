import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isOpen, nextOpening, nextQuiet, type ContactHours } from './contact-hours.js';
import type { ContactWindow } from '../../channels/contact-window.js';

const minute = 60_000;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const at = (iso: string): number => Date.parse(iso);
const hours = (zone: string, ...rules: ContactWindow[][]): ContactHours => [{ zone, rules }];
const daily = (from: number, to: number): ContactWindow => ({ days: everyDay, from, to });

/** A second implementation of the rule, with luxon's wall clock instead of arithmetic. */
function openByTheWallClock(hours: ContactHours, instant: number): boolean {
  return hours.every(({ zone, rules }) => {
    const local = DateTime.fromMillis(instant, { zone });
    const minuteOfDay = local.hour * 60 + local.minute;
    const yesterday = local.weekday === 1 ? 7 : local.weekday - 1;
    return rules.every((windows) =>
      windows.some(({ days, from, to }) =>
        from < to
          ? days.includes(local.weekday) && minuteOfDay >= from && minuteOfDay < to
          : (days.includes(local.weekday) && minuteOfDay >= from) || (days.includes(yesterday) && minuteOfDay < to),
      ),
    );
  });
}

const zones = [
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Asia/Gaza',
  'Australia/Lord_Howe',
  'Australia/Adelaide',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Honolulu',
];

/** Nights on which clocks change somewhere, and days around them. */
const changes = [
  '2026-03-08T07:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-09-26T14:00:00Z',
  '2026-10-03T16:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-11-01T06:00:00Z',
  '2011-12-30T10:00:00Z',
].map(at);

const anInstant = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * 1440, max: 3 * 1440 }), fc.integer({ min: 0, max: minute - 1 }))
  .map(([around, minutes, ms]) => around + minutes * minute + ms);
const aWindow = fc
  .record({
    days: fc.uniqueArray(fc.constantFrom(...everyDay), { minLength: 4 }),
    from: fc.integer({ min: 0, max: 1439 }),
    to: fc.integer({ min: 1, max: 1440 }),
  })
  .filter(({ from, to }) => from !== to);
const aPlace = fc.record({
  zone: fc.constantFrom(...zones),
  rules: fc.array(fc.array(aWindow, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
});
const someHours = fc.array(aPlace, { minLength: 1, maxLength: 2 });

describe('contact hours', () => {
  it('are the same by arithmetic and by the wall clock', () => {
    fc.assert(
      fc.property(someHours, anInstant, (some, instant) => {
        expect(isOpen(some, instant)).toBe(openByTheWallClock(some, instant));
      }),
      { numRuns: 500 },
    );
  });

  it('never plan inside a quiet window and never wait longer than needed', () => {
    fc.assert(
      fc.property(someHours, anInstant, (some, instant) => {
        const opening = nextOpening(some, instant);
        if (opening !== null) expect(openByTheWallClock(some, opening)).toBe(true);
        const until = Math.min(opening ?? Infinity, instant + 3 * 1440 * minute);
        for (let between = instant; between < until; between += 7 * minute) expect(openByTheWallClock(some, between)).toBe(false);
        if (opening !== null && opening > instant) expect(openByTheWallClock(some, opening - 1)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('close exactly where the next quiet window begins', () => {
    fc.assert(
      fc.property(someHours, anInstant, (some, instant) => {
        const opening = nextOpening(some, instant);
        fc.pre(opening !== null);
        const quiet = nextQuiet(some, opening);
        if (quiet !== null) {
          expect(openByTheWallClock(some, quiet)).toBe(false);
          expect(openByTheWallClock(some, quiet - 1)).toBe(true);
        }
        const until = Math.min(quiet ?? Infinity, opening + 2 * 1440 * minute);
        for (let between = opening; between < until; between += 7 * minute) expect(openByTheWallClock(some, between)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('quiet hours over a DST gap and overlap: they end at the first minute that exists where the clocks jump over the boundary', () => {
    const berlin = hours('Europe/Berlin', [daily(150, 1200)]);
    expect(nextOpening(berlin, at('2026-03-28T23:30:00Z'))).toBe(at('2026-03-29T01:00:00Z'));
  });

  it('quiet hours over a DST gap and overlap: they come back when the clocks are put back before the boundary', () => {
    const berlin = hours('Europe/Berlin', [daily(150, 1200)]);
    expect(nextOpening(berlin, at('2026-10-25T00:00:00Z'))).toBe(at('2026-10-25T00:30:00Z'));
    expect(nextQuiet(berlin, at('2026-10-25T00:30:00Z'))).toBe(at('2026-10-25T01:00:00Z'));
    expect(nextOpening(berlin, at('2026-10-25T01:00:00Z'))).toBe(at('2026-10-25T01:30:00Z'));
  });

  it('are not opened by a window that a clock change skips: the next one is a week later', () => {
    const sunday = hours('Europe/Berlin', [{ days: [7], from: 130, to: 170 }]);
    expect(nextOpening(sunday, at('2026-03-23T00:00:00Z'))).toBe(at('2026-04-05T00:10:00Z'));
  });

  it('are closed on holidays from midnight to midnight, also during a window that began the evening before', () => {
    const maundyThursday = Date.parse('2026-04-02T00:00:00Z') / 86_400_000;
    const closed = [{ zone: 'Europe/Berlin', rules: [[daily(20 * 60, 2 * 60)]], closed: new Set([maundyThursday + 1]) }];
    expect(nextQuiet(closed, at('2026-04-02T19:00:00Z'))).toBe(at('2026-04-02T22:00:00Z'));
    expect(nextOpening(closed, at('2026-04-02T22:30:00Z'))).toBe(at('2026-04-03T22:00:00Z'));
  });

  it('may run over midnight into the next weekday', () => {
    const fridayNight = hours('Europe/Berlin', [{ days: [5], from: 22 * 60, to: 2 * 60 }]);
    expect(nextOpening(fridayNight, at('2026-06-01T12:00:00Z'))).toBe(at('2026-06-05T20:00:00Z'));
    expect(nextQuiet(fridayNight, at('2026-06-05T20:00:00Z'))).toBe(at('2026-06-06T00:00:00Z'));
  });

  it('of several zones are their common hours', () => {
    const coasts = [...hours('America/New_York', [daily(9 * 60, 20 * 60)]), ...hours('Pacific/Honolulu', [daily(9 * 60, 20 * 60)])];
    expect(nextOpening(coasts, at('2026-06-01T12:00:00Z'))).toBe(at('2026-06-01T19:00:00Z'));
    expect(nextQuiet(coasts, at('2026-06-01T19:00:00Z'))).toBe(at('2026-06-02T00:00:00Z'));
  });

  it('report that several zones have no common hours', () => {
    const world = [...hours('Europe/Kaliningrad', [daily(9 * 60, 18 * 60)]), ...hours('Asia/Kamchatka', [daily(9 * 60, 18 * 60)])];
    expect(nextOpening(world, at('2026-06-01T12:00:00Z'))).toBeNull();
  });

  it('never close if a window fills the day', () => {
    expect(nextQuiet(hours('Europe/Berlin', [daily(0, 1440)]), at('2026-06-01T12:00:00Z'))).toBeNull();
  });
});
