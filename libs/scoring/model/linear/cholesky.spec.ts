import fc from 'fast-check';
import { solve } from './cholesky.js';

const size = 4;
const square = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: size * size, maxLength: size * size });
const vector = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: size, maxLength: size });

describe('solve', () => {
  it('finds x again from a x, for any positive definite a', () => {
    fc.assert(
      fc.property(square, vector, (m, x) => {
        const a = new Float64Array(size * size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            let sum = i === j ? 1 : 0;
            for (let k = 0; k < size; k++) sum += (m[i * size + k] ?? 0) * (m[j * size + k] ?? 0);
            a[i * size + j] = sum;
          }
        const b = Float64Array.from(x, (_, i) => x.reduce((sum, value, j) => sum + (a[i * size + j] ?? 0) * value, 0));
        solve(a, b).forEach((value, index) => expect(value).toBeCloseTo(x[index] ?? NaN, 5));
      }),
    );
  });

  it('reports a matrix that is not positive definite', () => {
    expect(() => solve(Float64Array.of(1, 2, 2, 1), Float64Array.of(1, 1))).toThrow(RangeError);
  });
});
