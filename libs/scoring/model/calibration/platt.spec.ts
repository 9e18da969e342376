import fc from 'fast-check';
import { createRandom } from '../../../platform/random.js';
import { applyPlatt, fitPlatt } from './platt.js';
import { sigmoid } from '../linear/logistic.js';
import { ece } from '../quality/metrics.js';

describe('Platt scaling', () => {
  it('never changes the order of customers, whatever the data', () => {
    const examples = fc.array(fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.boolean()), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(
        examples,
        fc.double({ min: -9, max: 9, noNaN: true }),
        fc.double({ min: 1e-3, max: 9, noNaN: true }),
        (seen, low, more) => {
          const fitted = fitPlatt(
            Float64Array.from(seen, ([logOdds]) => logOdds),
            Uint8Array.from(seen, ([, happened]) => (happened ? 1 : 0)),
          );
          return applyPlatt(fitted, low + more) > applyPlatt(fitted, low);
        },
      ),
    );
  });

  it('corrects log-odds that are twice too large', () => {
    const random = createRandom('bold');
    const right = Float64Array.from({ length: 20_000 }, () => random.next() * 4 - 2);
    const labels = Uint8Array.from(right, (logOdds) => (random.chance(sigmoid(logOdds)) ? 1 : 0));
    const bold = right.map((logOdds) => 2 * logOdds + 1);
    const fitted = fitPlatt(bold, labels);
    expect(fitted.slope).toBeCloseTo(0.5, 1);
    expect(
      ece(
        bold.map((z) => sigmoid(z)),
        labels,
      ),
    ).toBeGreaterThan(0.1);
    expect(
      ece(
        bold.map((z) => sigmoid(applyPlatt(fitted, z))),
        labels,
      ),
    ).toBeLessThan(0.02);
  });
});
