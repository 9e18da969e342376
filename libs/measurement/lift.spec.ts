import fc from 'fast-check';
import { differenceOfMeans, differenceOfShares, sampleRatioP, wilson, type Amounts, type Proportion } from './lift.js';

const proportion = fc
  .integer({ min: 1, max: 100_000 })
  .chain((n) => fc.record({ n: fc.constant(n), retained: fc.integer({ min: 0, max: n }) }));
const amounts = fc.record({
  n: fc.integer({ min: 2, max: 100_000 }),
  mean: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  variance: fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e9, noNaN: true })),
});

describe('wilson', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%p of %p: %p to %p', (retained, n, low, high) => {
    const interval = wilson({ n, retained });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('contains the share, within 0 and 1', () => {
    fc.assert(
      fc.property(proportion, (group) => {
        const { value, low, high } = wilson(group);
        expect(value).toBe(group.retained / group.n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is mirrored for churned and retained customers', () => {
    fc.assert(
      fc.property(proportion, (group) => {
        const stayed = wilson(group);
        const left = wilson({ n: group.n, retained: group.n - group.retained });
        expect(left.low).toBeCloseTo(1 - stayed.high, 12);
        expect(left.high).toBeCloseTo(1 - stayed.low, 12);
      }),
    );
  });

  it('is narrower for ten times as many', () => {
    fc.assert(
      fc.property(proportion, ({ n, retained }) => {
        const few = wilson({ n, retained });
        const many = wilson({ n: 10 * n, retained: 10 * retained });
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    );
  });
});

describe('differenceOfShares', () => {
  // Newcombe 1998 (873-890), table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%p/%p - %p/%p: %p to %p', (ra, na, rb, nb, low, high) => {
    const interval = differenceOfShares({ n: na, retained: ra }, { n: nb, retained: rb });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('contains the difference, within -1 and 1, and changes its sign with the order', () => {
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const one = differenceOfShares(a, b);
        const other = differenceOfShares(b, a);
        expect(one.low).toBeLessThanOrEqual(one.value);
        expect(one.high).toBeGreaterThanOrEqual(one.value);
        expect(one.low).toBeGreaterThanOrEqual(-1);
        expect(one.high).toBeLessThanOrEqual(1);
        expect(other.low).toBeCloseTo(-one.high, 12);
        expect(other.high).toBeCloseTo(-one.low, 12);
      }),
    );
  });
});

describe('differenceOfMeans', () => {
  it('agrees with a worked example', () => {
    // Welch's test on R's `sleep` data: t.test(extra ~ group): df 17.776, 95% interval -3.3654832 to 0.2054832.
    const first: Amounts = { n: 10, mean: 0.75, variance: 3.200_556 };
    const second: Amounts = { n: 10, mean: 2.33, variance: 4.009 };
    const { value, low, high } = differenceOfMeans(first, second);
    expect(value).toBeCloseTo(-1.58, 10);
    expect(low).toBeCloseTo(-3.365_483, 5);
    expect(high).toBeCloseTo(0.205_483, 5);
  });

  it('contains the difference, and moves with the amounts', () => {
    fc.assert(
      fc.property(amounts, amounts, fc.integer({ min: -1_000, max: 1_000 }), (a, b, more) => {
        const { value, low, high } = differenceOfMeans(a, b);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        const moved = differenceOfMeans({ ...a, mean: a.mean + more }, b);
        expect(moved.low).toBeCloseTo(low + more, 4);
        expect(moved.high - moved.low).toBeCloseTo(high - low, 4);
      }),
    );
  });

  it('has no width if nothing varies', () => {
    expect(differenceOfMeans({ n: 5, mean: 3, variance: 0 }, { n: 9, mean: 1, variance: 0 })).toEqual({ value: 2, low: 2, high: 2 });
  });
});

describe('sampleRatioP', () => {
  it('agrees with a worked example', () => {
    // (60 - 50)^2 / 50 + (40 - 50)^2 / 50 = 4
    expect(sampleRatioP(60, 40, 0.5)).toBeCloseTo(0.0455, 4);
  });

  it('is 1 if the groups are as planned, and falls with the distance from the plan', () => {
    expect(sampleRatioP(900, 100, 0.1)).toBe(1);
    const further = [100, 110, 120, 140, 200].map((holdout) => sampleRatioP(1_000 - holdout, holdout, 0.1));
    expect(further).toEqual([...further].sort((a, b) => b - a));
    expect(further.at(-1)).toBeLessThan(1e-6);
  });

  it('is a probability', () => {
    fc.assert(
      fc.property(proportion, fc.double({ min: 0, max: 1, noNaN: true }), ({ n, retained }: Proportion, planned) => {
        const p = sampleRatioP(n - retained, retained, planned);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});
