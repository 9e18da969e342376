import fc from 'fast-check';
import { curveAt, curveOf, quantileKnots, splineColumns } from './spline.js';

const knots = fc
  .uniqueArray(fc.integer({ min: -100, max: 100 }), { minLength: 3, maxLength: 8 })
  .map((values) => values.sort((a, b) => a - b));

describe('a natural spline', () => {
  it('has one column less than knots, and all are straight beyond the outermost knots', () => {
    fc.assert(
      fc.property(knots, fc.integer({ min: 1, max: 50 }), (at, step) => {
        for (const [edge, direction] of [
          [at[0] ?? 0, -1],
          [at.at(-1) ?? 0, 1],
        ] as const) {
          const [near, middle, far] = [0, 1, 2].map((steps) => splineColumns(at, edge + direction * steps * step));
          expect(near).toHaveLength(at.length - 1);
          near?.forEach((value, column) => {
            expect((value + (far?.[column] ?? NaN)) / 2).toBeCloseTo(middle?.[column] ?? NaN, 6);
          });
        }
      }),
    );
  });

  it('is a straight line if there are too few knots for a curve', () => {
    expect(splineColumns([0, 10], 5)).toEqual([0.5]);
    expect(splineColumns([3], 4)).toEqual([1]);
    expect(splineColumns([], 0.4)).toEqual([0.4]);
  });
});

describe('knots at quantiles', () => {
  it('ascend, differ, and are within the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), fc.integer({ min: 2, max: 9 }), (values, count) => {
        const found = quantileKnots(values, count);
        expect(found.every((knot, index) => values.includes(knot) && (index === 0 || knot > (found[index - 1] ?? NaN)))).toBe(true);
        expect(found.length).toBeLessThanOrEqual(count);
      }),
    );
  });
});

describe('a curve', () => {
  it('is the weighted sum of the spline columns', () => {
    const knots = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(
        knots,
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 7, maxLength: 7 }),
        fc.integer({ min: -150, max: 150 }),
        (given, some, x) => {
          const sorted = [...given].sort((a, b) => a - b);
          const columns = splineColumns(sorted, x);
          const weights = some.slice(0, columns.length);
          const sum = columns.reduce((total, column, place) => total + column * (weights[place] ?? 0), 0);
          expect(curveAt(curveOf(sorted, weights), x)).toBeCloseTo(sum, 5);
        },
      ),
    );
  });
});
