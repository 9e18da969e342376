/**
 * The columns of a natural cubic spline: a curve of cubic pieces that join smoothly at `knots` and go on as straight lines beyond the first
 * and the last, so that no customer outside the range of the training data gets an extreme score (Elements of Statistical Learning, 5.2.1,
 * equations 5.4 and 5.5, on x scaled to [0, 1]).
 * @param knots ascending; fewer than three give a straight line
 * @returns max(1, knots.length - 1) numbers
 */
export function splineColumns(knots: readonly number[], x: number): number[] {
  const first = knots[0] ?? 0;
  const last = knots.at(-1) ?? 1;
  const width = last > first ? last - first : 1;
  const scaled = (value: number): number => (value - first) / width;
  const u = scaled(x);
  if (knots.length < 3) return [u];
  const cubed = (knot: number): number => Math.max(0, u - knot) ** 3;
  const slope = (knot: number): number => (cubed(knot) - cubed(1)) / (1 - knot);
  const beforeLast = slope(scaled(knots.at(-2) ?? last));
  return [u, ...knots.slice(0, -2).map((knot) => slope(scaled(knot)) - beforeLast)];
}

/** `count` different knots at evenly spaced quantiles between 2% and 98% (fewer if values repeat). */
export function quantileKnots(values: readonly number[], count: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const knots = Array.from({ length: count }, (_, index) => at(0.02 + (0.96 * index) / (count - 1)));
  return [...new Set(knots)];
}
