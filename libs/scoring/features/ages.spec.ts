import fc from 'fast-check';
import { daysSince, daysUntil, midnightOf } from './ages.js';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 2, 2, 12);

describe('days in steps', () => {
  it.each([
    [0, 0],
    [0.99, 0],
    [13, 13],
    [14, 14],
    [20.9, 14],
    [21, 21],
    [89, 84],
    [90, 90],
    [119, 90],
    [719, 690],
    [720, 720],
    [5_000, 720],
  ])('say of %s days ago %s', (days, step) => {
    expect(daysSince(now - days * dayMs, now).value).toBe(step);
    expect(daysUntil(now - days * dayMs, now).value).toBe(0 - step);
  });

  it.each([
    [0.01, 1],
    [1, 1],
    [13.5, 14],
    [14.1, 21],
    [85, 90],
    [90, 90],
    [91, 120],
    [690, 690],
    [691, 720],
    [5_000, 720],
  ])('say of %s days ahead %s', (days, step) => {
    expect(daysUntil(now + days * dayMs, now).value).toBe(step);
  });

  it('are others at the instant that they name, and not before', () => {
    const instants = fc.integer({ min: -800 * dayMs, max: 800 * dayMs }).map((ms) => now + ms);
    for (const days of [daysSince, daysUntil]) {
      fc.assert(
        fc.property(instants, fc.double({ min: 0, max: 1, noNaN: true }), (instant, share) => {
          const { value, changesAt } = days(instant, now);
          if (Number.isNaN(changesAt)) return;
          expect(changesAt).toBeGreaterThan(now);
          expect(days(instant, changesAt).value).not.toBe(value);
          expect(days(instant, Math.min(changesAt - 1, Math.floor(now + share * (changesAt - now)))).value).toBe(value);
        }),
      );
    }
  });

  it('are unknown of an instant that is not known, or that lies ahead', () => {
    expect(daysSince(NaN, now)).toEqual({ value: NaN, changesAt: NaN });
    expect(daysSince(now + 1, now)).toEqual({ value: NaN, changesAt: NaN });
    expect(daysUntil(NaN, now)).toEqual({ value: NaN, changesAt: NaN });
  });
});

describe('the midnight of a date', () => {
  it.each([
    ['2026-01-31', Date.UTC(2026, 0, 31)],
    ['2026-01-31T23:59:00+05:00', Date.UTC(2026, 0, 31)],
    ['2026-02-31', NaN],
    ['31.01.2026', NaN],
    ['', NaN],
    [20260131, NaN],
    [null, NaN],
  ])('of %s is %s', (text, at) => {
    expect(midnightOf(text)).toBe(at);
  });
});
