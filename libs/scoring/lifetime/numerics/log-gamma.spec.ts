import fc from 'fast-check';
import { logBeta, logGamma } from './log-gamma.js';

describe('ln gamma', () => {
  it('is the logarithm of the factorials, and of the root of pi at a half', () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 13);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  });

  it('keeps the duplication formula of Legendre, from tiny arguments to great ones', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (exponent) => {
        const x = 10 ** exponent;
        const doubled = logGamma(x) + logGamma(x + 0.5) + (2 * x - 1) * Math.LN2 - Math.log(Math.PI) / 2;
        expect(Math.abs(doubled - logGamma(2 * x))).toBeLessThan(1e-13 * (1 + Math.abs(logGamma(2 * x))));
      }),
    );
  });

  it('is no number where it is not defined', () => {
    for (const x of [0, -1, -0.5, NaN]) expect(logGamma(x)).toBeNaN();
  });
});

describe('ln beta', () => {
  it('is that of 1/12 at (2, 3), and of 1/a at (a, 1)', () => {
    expect(logBeta(2, 3)).toBeCloseTo(-Math.log(12), 13);
    expect(logBeta(0.003, 1)).toBeCloseTo(-Math.log(0.003), 12);
  });
});
