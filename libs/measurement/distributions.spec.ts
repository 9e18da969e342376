import { chiSquareTail, studentT95, z95 } from './distributions.js';

describe('chiSquareTail', () => {
  // Tables of the chi-square distribution, one degree of freedom.
  it.each([
    [0, 1],
    [0.454936, 0.5],
    [2.7055, 0.1],
    [3.8415, 0.05],
    [6.6349, 0.01],
    [10.8276, 0.001],
    [15.1367, 0.0001],
  ])('%p is exceeded with probability %p', (statistic, p) => {
    expect(chiSquareTail(statistic)).toBeCloseTo(p, 5);
  });

  it('is 0 for extreme values, not a negative number', () => {
    expect(chiSquareTail(60)).toBeGreaterThanOrEqual(0);
    expect(chiSquareTail(1e9)).toBe(0);
  });
});

describe('studentT95', () => {
  // Tables of Student's t distribution, 97.5% points.
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
    [1_000, 1.9623],
  ])('%p degrees of freedom: %p', (freedom, t) => {
    expect(studentT95(freedom)).toBeCloseTo(t, 4);
  });

  it('falls towards the normal distribution as the degrees of freedom grow', () => {
    const points = [0.7, 1.3, 2.5, 7.9, 40, 1e4, 1e6, 1e8].map(studentT95);
    expect(points).toEqual([...points].sort((a, b) => b - a));
    expect(points.at(-1)).toBeCloseTo(z95, 6);
  });
});
