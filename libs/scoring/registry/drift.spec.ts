import fc from 'fast-check';
import { categoryColumn, dataMatrix, numberColumn } from '../model/data/data-matrix.js';
import { movedAt, profileOf, psi, SpreadCounter } from './drift.js';

const column = (values: readonly unknown[]) => dataMatrix([numberColumn('tenure', values)]);
const scoresOf = (length: number, of: (row: number) => number = (row) => row / length) =>
  Float64Array.from({ length }, (_, row) => of(row));

function indexOf(then: readonly unknown[], now: readonly unknown[]): number {
  const counter = new SpreadCounter(profileOf(column(then), scoresOf(then.length)));
  counter.add(column(now), scoresOf(now.length));
  return counter.psi()['tenure'] ?? NaN;
}

describe('the population stability index', () => {
  it('is 0 where nothing moved, and never below', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })), { minLength: 1, maxLength: 60 }), (values) => {
        expect(indexOf(values, values)).toBeCloseTo(0, 9);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }),
        (then, now) => {
          expect(indexOf(then, now)).toBeGreaterThanOrEqual(-1e-12);
        },
      ),
    );
  });

  it('is as in the formula: shares of 50 and 50 that became 80 and 20', () => {
    expect(psi([0.5, 0.5], [0.8, 0.2])).toBeCloseTo(0.3 * Math.log(1.6) - 0.3 * Math.log(0.4), 12);
  });

  it('sees numbers that grew, values that went missing, and a new category', () => {
    const then = Array.from({ length: 1000 }, (_, row) => row);
    expect(
      indexOf(
        then,
        then.map((value) => value + 20),
      ),
    ).toBeLessThan(0.1);
    expect(
      indexOf(
        then,
        then.map((value) => value * 3),
      ),
    ).toBeGreaterThan(movedAt);
    expect(
      indexOf(
        then,
        then.map((value) => (value % 2 === 0 ? null : value)),
      ),
    ).toBeGreaterThan(movedAt);
    const plans = (words: readonly string[]) => dataMatrix([categoryColumn('plan', words)]);
    const counter = new SpreadCounter(profileOf(plans(['basic', 'plus', 'basic', 'plus']), scoresOf(4)));
    counter.add(plans(['new', 'new', 'new', 'plus']), scoresOf(4));
    expect(counter.psi()['plan']).toBeGreaterThan(movedAt);
  });

  it('sees the scores themselves move', () => {
    const then = column([1, 2, 3, 4]);
    const counter = new SpreadCounter(profileOf(then, scoresOf(4)));
    counter.add(
      then,
      scoresOf(4, () => 0.99),
    );
    expect(counter.psi()['tenure']).toBe(0);
    expect(counter.psi()['score']).toBeGreaterThan(movedAt);
  });

  it('is the same counted in parts', () => {
    const all = Array.from({ length: 100 }, (_, row) => row ** 2);
    const profile = profileOf(column(all), scoresOf(100));
    const [one, other] = [new SpreadCounter(profile), new SpreadCounter(profile)];
    one.add(column(all.slice(0, 30)), scoresOf(30));
    other.add(column(all.slice(30)), scoresOf(70));
    const together = new SpreadCounter(profile);
    together.addCounts(one.counted());
    together.addCounts(other.counted());
    const whole = new SpreadCounter(profile);
    whole.add(column(all), Float64Array.from([...scoresOf(30), ...scoresOf(70)]));
    expect(together.psi()).toEqual(whole.psi());
  });
});
