/** The value where the first, the second and the third cause are the customer's own, or the average ones. */
export type OfThree = (first: boolean, second: boolean, third: boolean) => number;

/**
 * What each of three causes adds to a value (Shapley 1953): its difference, averaged over all orders in which the causes can be taken in. The
 * three add up to the value with all causes less that with none.
 */
export function shapleyOfThree(value: OfThree): [number, number, number] {
  const none = value(false, false, false);
  const all = value(true, true, true);
  const [a, b, c] = [value(true, false, false), value(false, true, false), value(false, false, true)];
  const [ab, ac, bc] = [value(true, true, false), value(true, false, true), value(false, true, true)];
  const of = (alone: number, one: number, withOne: number, other: number, withOther: number, without: number): number =>
    (alone - none) / 3 + (withOne - one) / 6 + (withOther - other) / 6 + (all - without) / 3;
  return [of(a, b, ab, c, ac, bc), of(b, a, ab, c, bc, ac), of(c, a, ac, b, bc, ab)];
}
