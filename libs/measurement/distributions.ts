/** The 97.5% point of the standard normal distribution: half the width of a 95% interval. */
export const z95 = 1.959_963_984_540_054;

/**
 * The probability that a chi-square statistic with one degree of freedom is at least this high: erfc(sqrt(x / 2)). Good to about 1e-15
 * absolute.
 */
export function chiSquareTail(statistic: number): number {
  const z = Math.sqrt(statistic / 2);
  // Beyond this the tail is below 1e-16.
  if (z > 6) return 0;
  // DLMF 7.6.2: all terms are positive, so nothing cancels.
  let term = z;
  let sum = term;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= (2 * z * z) / (2 * n + 1);
    sum += term;
  }
  return Math.max(0, 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum);
}

/**
 * The 97.5% point of Student's t distribution.
 * @param freedom degrees of freedom, above 0, whole or not
 */
export function studentT95(freedom: number): number {
  const tail = (t: number): number => incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  let low = z95;
  let high = 2 * z95;
  while (tail(high) > 0.025) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (tail(middle) > 0.025) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function I_x(a, b): DLMF 8.17.22, evaluated by Lentz's method. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction is quick on this side of the mean only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  const coefficient = (i: number): number => {
    const m = Math.floor(i / 2);
    return i % 2 === 0
      ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
  };
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 + coefficient(1));
  let fraction = d;
  for (let i = 2; i < 10_000; i++) {
    const numerator = coefficient(i);
    d = 1 / away(1 + numerator * d);
    c = away(1 + numerator / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** ln of the gamma function for x > 0: Stirling's series (DLMF 5.11.1) after shifting x to where it is exact to 1e-15. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 12; y++) shift += Math.log(y);
  const inverse = 1 / (y * y);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / y;
  return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + series - shift;
}
