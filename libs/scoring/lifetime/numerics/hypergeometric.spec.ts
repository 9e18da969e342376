import fc from 'fast-check';
import { hypergeometric, hypergeometricOfOne } from './hypergeometric.js';

const within = (value: number, wanted: number, relative: number): void => {
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(relative * Math.abs(wanted));
};
const parameter = fc.double({ min: 0.05, max: 30, noNaN: true });

describe('2F1', () => {
  it.each([0.01, 0.5, 0.9, 0.999])('has the elementary functions that it stands for, at %d', (z) => {
    within(hypergeometric(1, 1, 2, z), -Math.log1p(-z) / z, 1e-12);
    within(hypergeometric(2.5, 0.7, 0.7, z), (1 - z) ** -2.5, 1e-11);
    within(hypergeometric(0.5, 1, 1.5, z), Math.atanh(Math.sqrt(z)) / Math.sqrt(z), 1e-12);
  });

  it('is a polynomial where a parameter is a negative integer', () => {
    within(hypergeometric(-2, 3, 4, 0.5), 1 - (2 * 3 * 0.5) / 4 + (2 * 3 * 4 * 0.25) / (4 * 5 * 2), 1e-14);
  });

  it('keeps the relation between neighbours: c (1 - z) F - c F(a - 1) + (c - b) z F(c + 1) = 0', () => {
    fc.assert(
      fc.property(parameter, parameter, parameter, fc.double({ min: 0, max: 0.95, noNaN: true }), (a, b, c, z) => {
        const terms = [
          c * (1 - z) * hypergeometric(a, b, c, z),
          -c * hypergeometric(a - 1, b, c, z),
          (c - b) * z * hypergeometric(a, b, c + 1, z),
        ];
        const size = Math.max(...terms.map(Math.abs));
        expect(Math.abs(terms.reduce((sum, term) => sum + term, 0))).toBeLessThanOrEqual(1e-10 * size);
      }),
    );
  });

  it('is what was computed elsewhere with thirty digits', () => {
    within(hypergeometric(1, 31.3, 32.9, 0.97), 15.5412627984638, 1e-12);
    within(hypergeometric(27.4, 1.6, 28.1, 0.8), 11.4937267759274, 1e-12);
    within(hypergeometric(0.03, -0.2, 3.2, 0.6), 0.998796865508915, 1e-12);
    within(hypergeometric(12.5, 9.1, 0.4, 0.9), 1.33196766784472e27, 1e-12);
    within(hypergeometric(1, 600.5, 601.2, 0.5), 1.99767786858353, 1e-12);
  });

  it('refuses a pole, and what lies outside of 0 to 1', () => {
    expect(() => hypergeometric(1, 1, -2, 0.5)).toThrow(/pole at c = -2/);
    for (const z of [1, -0.1, NaN]) expect(() => hypergeometric(1, 1, 2, z)).toThrow(/0 <= z < 1/);
  });
});

describe('2F1 with a 1', () => {
  it('is the same by its fraction as by its series', () => {
    fc.assert(
      fc.property(parameter, parameter, fc.double({ min: 0, max: 0.98, noNaN: true }), (b, more, z) => {
        const c = Math.max(1, b) + more;
        within(hypergeometricOfOne(b, c, z), hypergeometric(1, b, c, z), 1e-11);
      }),
    );
  });

  it('is what was computed elsewhere with forty digits, close to 1 too', () => {
    within(hypergeometricOfOne(31.3, 32.9, 0.97), 15.5412627984638, 1e-9);
    within(hypergeometricOfOne(0.6, 3.2, 0.5), 1.11800457261835, 1e-9);
    within(hypergeometricOfOne(3089.3, 3090.6, 0.99997), 4554.47943606729, 1e-9);
    within(hypergeometricOfOne(0.02, 1.5, 0.9999999), 1.04163886425082, 1e-9);
    within(hypergeometricOfOne(600, 650, 0), 1.0, 1e-9);
  });

  it('refuses what it is not computed for', () => {
    for (const [b, c, z] of [
      [1, 2, 1],
      [0, 2, 0.5],
      [0.5, 1, 0.5],
      [3, 2, 0.5],
      [1, 2, -0.1],
      [1, 2, NaN],
    ] as const)
      expect(() => hypergeometricOfOne(b, c, z)).toThrow(/is computed for/);
  });
});
