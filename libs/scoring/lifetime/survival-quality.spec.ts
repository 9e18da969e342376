import { createRandom } from '../../platform/random.js';
import { survivalQuality, type Survivals } from './survival-quality.js';

/** Half of the customers leave with 4% a month, the others with 16%; each is seen for 1 to 30 months. */
function survivals(count: number, said: (risk: number) => number): Survivals {
  const random = createRandom('survivals');
  const risks = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 0.04 : 0.16));
  const through = new Uint32Array(count);
  const left = new Uint8Array(count);
  risks.forEach((risk, index) => {
    const seen = 1 + random.below(30);
    let month = 1;
    while (!random.chance(risk) && month < seen) month++;
    through[index] = month;
    left[index] = month < seen ? 1 : 0;
  });
  return { hazards: risks.map((risk) => () => said(risk)), through, left };
}

describe('survival as predicted and as observed', () => {
  it('agrees where the hazard is the true one', () => {
    const quality = survivalQuality(survivals(4_000, (risk) => risk));
    expect(quality.calibrationError).toBeLessThan(0.03);
    expect(quality.rankCorrelation).toBeGreaterThan(0.3);
    expect(quality.meanError).toBeLessThan(quality.naiveError);
  });

  it('does not where the hazard is three times too high', () => {
    expect(survivalQuality(survivals(4_000, (risk) => Math.min(1, 3 * risk))).calibrationError).toBeGreaterThan(0.15);
  });

  it('is in the wrong order where who leaves is said to stay', () => {
    expect(survivalQuality(survivals(4_000, (risk) => 0.2 - risk)).rankCorrelation).toBeLessThan(-0.3);
  });
});
