import fc from 'fast-check';
import { minimise } from './minimise.js';

const wide = { least: 1e-6, most: 1e6 };

describe('the search for a minimum', () => {
  it('finds the bottom of a long curved valley', () => {
    const { at, converged } = minimise(([x = 0, y = 0]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2, [3, 0.2], [wide, wide]);
    expect(converged).toBe(true);
    expect(at[0]).toBeCloseTo(1, 4);
    expect(at[1]).toBeCloseTo(1, 4);
  });

  it('finds the bottom of a bowl from anywhere', () => {
    const place = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(fc.array(place, { minLength: 4, maxLength: 4 }), fc.array(place, { minLength: 4, maxLength: 4 }), (bottom, from) => {
        const { at } = minimise(
          (parameters) => parameters.reduce((sum, value, index) => sum + (index + 1) * (Math.log(value) - (bottom[index] ?? 0)) ** 2, 0),
          from.map(Math.exp),
          bottom.map(() => wide),
        );
        at.forEach((value, index) => {
          expect(Math.abs(Math.log(value) - (bottom[index] ?? NaN))).toBeLessThan(1e-3);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('stops at a bound, also where it begins there', () => {
    const bounds = { least: 0.5, most: 9 };
    expect(minimise(([x = 0]) => x, [3], [bounds]).at[0]).toBeCloseTo(0.5, 12);
    expect(minimise(([x = 0]) => -x, [9], [bounds]).at[0]).toBeCloseTo(9, 12);
  });

  it('goes around places where the function is not defined', () => {
    expect(minimise(([x = 0]) => (x < 2 ? NaN : x), [5], [wide]).at[0]).toBeCloseTo(2, 4);
  });
});
