/** Terms after which the series is given up: at z = 0.9999 about 400,000 are needed. */
const mostTerms = 1_000_000;

/**
 * Gauss's hypergeometric function 2F1(a, b; c; z) for real parameters and 0 <= z < 1, by its power series (Abramowitz and Stegun,
 * Handbook of Mathematical Functions, 15.1.1). Where the terms would grow, and Euler's transformation (15.3.3) has positive terms
 * too, that takes the growth towards z = 1 out of the series. With positive a, b and c nothing cancels, and the result is exact
 * to about 1e-12.
 * @throws RangeError where c is 0 or a negative integer, z is out of range, or the series does not end
 */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  if (c <= 0 && Number.isInteger(c)) throw new RangeError(`2F1 has a pole at c = ${c}`);
  if (!(z >= 0 && z < 1)) throw new RangeError(`2F1 is computed for 0 <= z < 1, not for ${z}`);
  return c < a + b && c >= a && c >= b ? (1 - z) ** (c - a - b) * series(c - a, c - b, c, z) : series(a, b, c, z);
}

function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < mostTerms; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    // What follows is at most a geometric series with this ratio or with z, whichever is greater.
    const slowest = Math.max(Math.abs(ratio), z);
    if (slowest < 1 && c + n > 0 && Math.abs(term) * slowest <= Number.EPSILON * Math.abs(sum) * (1 - slowest)) return sum;
  }
  throw new RangeError(`2F1(${a}, ${b}; ${c}; ${z}) does not converge in ${mostTerms} terms`);
}

/** Steps after which the fraction is given up: at z = 1 - 1e-8 some 100,000 are needed. */
const mostSteps = 1_000_000;

/**
 * 2F1(1, b; c; z) for b > 0, c > b, c > 1 and 0 <= z < 1, by Gauss's continued fraction (Lorentzen and Waadeland, Continued Fractions with
 * Applications, VI.1; evaluated forwards, as Lentz has it). It needs tens of steps where the series needs thousands of terms.
 * @throws RangeError where z is out of range, or the fraction does not end
 */
export function hypergeometricOfOne(b: number, c: number, z: number): number {
  if (!(b > 0 && c > b && c > 1 && z >= 0 && z < 1))
    throw new RangeError(`2F1(1, ${b}; ${c}; ${z}) is computed for b > 0, c > b, c > 1 and 0 <= z < 1`);
  // 1 / (1 + k1 z / (1 + k2 z / (1 + ...))): `value` is what stands below the first bar.
  let value = 1;
  let numerator = 1;
  let denominator = 0;
  for (let step = 1; step < mostSteps; step++) {
    const m = step >> 1;
    const k =
      step % 2 === 1
        ? ((b + m) * (c - 1 + m)) / ((c - 1 + step - 1) * (c + step - 1))
        : (m * (c - b - 1 + m)) / ((c - 2 + step) * (c - 1 + step));
    denominator = 1 / (1 - k * z * denominator);
    numerator = 1 - (k * z) / numerator;
    const change = numerator * denominator;
    value *= change;
    if (Math.abs(change - 1) < Number.EPSILON) return 1 / value;
  }
  throw new RangeError(`2F1(1, ${b}; ${c}; ${z}) does not converge in ${mostSteps} steps`);
}
