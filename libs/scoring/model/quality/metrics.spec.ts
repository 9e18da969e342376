import fc from 'fast-check';
import { auc, brier, ece, lift, logLoss } from './metrics.js';

/** Likelihoods with many ties, and outcomes. */
const measured = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 1, maxLength: 60 })
  .map((pairs) => ({ likelihoods: pairs.map(([tenths]) => tenths / 20), labels: pairs.map(([, happened]) => (happened ? 1 : 0)) }));

function aucByPairs(likelihoods: readonly number[], labels: readonly number[]): number {
  const of = (label: number): number[] => likelihoods.filter((_, index) => labels[index] === label);
  const wins = of(1).flatMap((yes) => of(0).map((no) => (yes > no ? 1 : yes === no ? 0.5 : 0)));
  return wins.length === 0 ? 0.5 : wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

describe('auc', () => {
  it('equals the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(measured, ({ likelihoods, labels }) => {
        expect(auc(likelihoods, labels)).toBeCloseTo(aucByPairs(likelihoods, labels), 10);
      }),
    );
  });

  it('does not depend on the order of customers', () => {
    fc.assert(
      fc.property(measured, ({ likelihoods, labels }) => {
        expect(auc([...likelihoods].reverse(), [...labels].reverse())).toBeCloseTo(auc(likelihoods, labels), 10);
      }),
    );
  });
});

describe('calibration error', () => {
  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(measured, ({ likelihoods, labels }) => {
        const error = ece(likelihoods, labels);
        return error >= 0 && error <= 1;
      }),
    );
  });

  it('is zero if likelihoods equal the shares, and the distance if all are wrong by it', () => {
    const labels = Array.from({ length: 1000 }, (_, index) => (index % 4 === 0 ? 1 : 0));
    expect(ece(Array<number>(1000).fill(0.25), labels)).toBeCloseTo(0, 10);
    expect(ece(Array<number>(1000).fill(0.45), labels)).toBeCloseTo(0.2, 10);
  });
});

describe('losses', () => {
  it('equal values that were computed by hand', () => {
    expect(logLoss([0.8, 0.4], [1, 0])).toBeCloseTo((-Math.log(0.8) - Math.log(0.6)) / 2, 12);
    expect(brier([0.8, 0.4], [1, 0])).toBeCloseTo((0.04 + 0.16) / 2, 12);
  });

  it('are finite even for likelihoods of 0 or 1 that were wrong', () => {
    expect(Number.isFinite(logLoss([0, 1], [1, 0]))).toBe(true);
  });
});

describe('lift', () => {
  it('compares those first in line with all', () => {
    expect(lift([0.9, 0.8, 0.2, 0.1], [1, 0, 1, 0], 0.25)).toBe(2);
    expect(lift([0.9, 0.8, 0.2, 0.1], [1, 0, 1, 0], 1)).toBe(1);
  });

  it('counts those who tie at the edge in part', () => {
    expect(lift([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0], 0.25)).toBe(1);
    expect(lift([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], 0.5)).toBe(1.5);
  });
});
