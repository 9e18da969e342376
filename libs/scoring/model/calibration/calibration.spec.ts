import fc from 'fast-check';
import { createRandom } from '../../../platform/random.js';
import { sigmoid } from '../linear/logistic.js';
import { ece } from '../quality/metrics.js';
import { calibrate, chooseCalibration, fitCalibration } from './calibration.js';
import { applyIsotonic, fitIsotonic } from './isotonic.js';

/** Log-odds as a model gives them, and outcomes drawn from what they should be. */
function drawn(count: number, right: (given: number) => number) {
  const random = createRandom('calibration');
  const given = Float64Array.from({ length: count }, () => random.next() * 6 - 3);
  return { given, labels: Uint8Array.from(given, (z) => (random.chance(sigmoid(right(z))) ? 1 : 0)) };
}

describe('isotonic regression', () => {
  const examples = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.boolean()), { minLength: 1, maxLength: 60 });

  it('never changes the order of customers, and is finite', () => {
    fc.assert(
      fc.property(
        examples,
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.double({ min: 1e-3, max: 9, noNaN: true }),
        (seen, low, more) => {
          const map = fitIsotonic(
            Float64Array.from(seen, ([z]) => z),
            Uint8Array.from(seen, ([, happened]) => Number(happened)),
          );
          const [a, b] = [applyIsotonic(map, low), applyIsotonic(map, low + more)];
          expect(Number.isFinite(a)).toBe(true);
          expect(b).toBeGreaterThan(a);
        },
      ),
    );
  });

  it('pools what is in the wrong order, between one more at the bottom and one fewer at the top', () => {
    const map = fitIsotonic(Float64Array.of(1, 2, 3, 4), Uint8Array.of(0, 1, 0, 1));
    // 1 with the one added below: 1 of 2; 2 and 3: 1 of 2; 4 with the one added above: 1 of 2. All in one block.
    expect(map).toEqual({ at: [1, 4], to: [0, 0] });
    const steps = fitIsotonic(
      Float64Array.from({ length: 300 }, (_, row) => Math.floor(row / 100)),
      Uint8Array.from({ length: 300 }, (_, row) => Number(row % 100 < ([10, 5, 60][Math.floor(row / 100)] ?? 0))),
    );
    expect(steps.to.map((z) => sigmoid(z))).toEqual([16 / 201, 16 / 201, 60 / 101].map((share) => expect.closeTo(share, 10) as number));
  });
});

describe('the choice of a calibration', () => {
  it('leaves alone what is right', () => {
    const { given, labels } = drawn(4000, (z) => z);
    expect(chooseCalibration(given, labels, 'a').calibration).toEqual({ method: 'none' });
  });

  it('takes a line where log-odds are too bold', () => {
    const { given, labels } = drawn(4000, (z) => 0.5 * z - 1);
    expect(chooseCalibration(given, labels, 'a').calibration.method).toBe('platt');
  });

  it('takes a bent map where no line helps', () => {
    const { given, labels } = drawn(8000, (z) => (z < 0 ? -2 : 2));
    const { calibration } = chooseCalibration(given, labels, 'a');
    expect(calibration.method).toBe('isotonic');
    const likelihoods = given.map((z) => sigmoid(calibrate(calibration, z)));
    expect(ece(likelihoods, labels)).toBeLessThan(0.01);
  });

  it('has nothing to choose where there are few', () => {
    const { given, labels } = drawn(60, (z) => z - 1);
    expect(chooseCalibration(given, labels, 'a').trials.map(({ method }) => method)).toEqual(['none']);
  });

  it('applies each method', () => {
    const { given, labels } = drawn(2000, (z) => z);
    for (const method of ['none', 'platt', 'isotonic'] as const)
      expect(calibrate(fitCalibration(method, given, labels), 1)).toBeCloseTo(1, 0);
  });
});
