import { pointAt, thresholdsOf } from './thresholds.js';

const points = thresholdsOf(Float64Array.of(0.1, 0.5, 0.5, 0.9), Uint8Array.of(0, 1, 0, 1));

it('counts who is above a threshold and to how many of them it happened; who is at it is not above it', () => {
  expect(points).toHaveLength(100);
  expect(points[0]).toEqual({ threshold: 0, customers: 4, happened: 2 });
  expect(points[49]).toEqual({ threshold: 0.49, customers: 3, happened: 2 });
  expect(points[50]).toEqual({ threshold: 0.5, customers: 1, happened: 1 });
  expect(points[99]).toEqual({ threshold: 0.99, customers: 0, happened: 0 });
});

it('finds the nearest hundredth of a threshold', () => {
  expect(pointAt(points, 0.496)?.threshold).toBe(0.5);
  expect(pointAt(points, 1)?.threshold).toBe(0.99);
  expect(pointAt([], 0.5)).toBeUndefined();
});
