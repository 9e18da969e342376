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

/**
 * A weighted sum of spline columns in a form that is quick to evaluate: on u, which is x scaled to [0, 1] between the first and the
 * last knot, slope u + sum of cubes[k] max(0, u - knots[k])^3, and a straight line beyond 1.
 */
export interface Curve {
  readonly first: number;
  readonly width: number;
  readonly knots: Float64Array;
  readonly slope: number;
  readonly cubes: Float64Array;
  readonly slopeAtEnd: number;
}

/** The sum of `weights[k] * splineColumns(knots, x)[k]` as a curve in x. */
export function curveOf(knots: readonly number[], weights: readonly number[]): Curve {
  const first = knots[0] ?? 0;
  const last = knots.at(-1) ?? 1;
  const width = last > first ? last - first : 1;
  const slope = weights[0] ?? 0;
  if (knots.length < 3) return { first, width, knots: new Float64Array(), slope, cubes: new Float64Array(), slopeAtEnd: slope };
  const scaled = Float64Array.from(knots, (knot) => (knot - first) / width);
  const cubes = new Float64Array(knots.length);
  const beforeLast = knots.length - 2;
  const add = (place: number, amount: number): void => {
    cubes[place] = (cubes[place] ?? 0) + amount;
    cubes[knots.length - 1] = (cubes[knots.length - 1] ?? 0) - amount;
  };
  for (let knot = 0; knot < beforeLast; knot++) {
    const weight = weights[knot + 1] ?? 0;
    add(knot, weight / (1 - (scaled[knot] ?? 0)));
    add(beforeLast, -weight / (1 - (scaled[beforeLast] ?? 0)));
  }
  const slopeAtEnd = scaled.reduce((sum, knot, place) => sum + 3 * (cubes[place] ?? 0) * (1 - knot) ** 2, slope);
  return { first, width, knots: scaled, slope, cubes, slopeAtEnd };
}

export function curveAt({ first, width, knots, slope, cubes, slopeAtEnd }: Curve, x: number): number {
  const u = (x - first) / width;
  const inside = Math.min(u, 1);
  let sum = slope * inside + slopeAtEnd * (u - inside);
  for (let place = 0; place < knots.length; place++) {
    const beyond = inside - (knots[place] ?? 0);
    if (beyond <= 0) break;
    sum += (cubes[place] ?? 0) * beyond * beyond * beyond;
  }
  return sum;
}
