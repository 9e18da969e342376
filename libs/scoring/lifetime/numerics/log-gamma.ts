/** Below this the argument is raised step by step; from here on six terms of the series are exact to double precision. */
const seriesFrom = 10;
const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/**
 * ln Γ(x) for x > 0: Stirling's series (Abramowitz and Stegun, Handbook of Mathematical Functions, 6.1.41), after the recurrence
 * Γ(x + 1) = x Γ(x) (6.1.15) has brought a small x to where the series is exact. The error is below 1e-14, relative or absolute.
 * @returns NaN where x is not positive
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return NaN;
  let product = 1;
  let shifted = x;
  for (; shifted < seriesFrom; shifted++) product *= shifted;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360360)))));
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + series - Math.log(product);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a + b), for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
