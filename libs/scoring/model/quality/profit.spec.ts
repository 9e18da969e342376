import { createRandom } from '../../../platform/random.js';
import { betaDistribution, logGamma } from './beta.js';
import { bootstrapInterval } from './interval.js';
import { auc } from './metrics.js';
import { expectedMaximumProfit, profitAtBudget, usualEconomics } from './profit.js';

const half = Uint8Array.from({ length: 1000 }, (_, row) => row % 2);

describe('expected maximum profit', () => {
  it('of a perfect forecast on a base of which half churns is the published figure', () => {
    expect(expectedMaximumProfit(half, half).profit).toBeCloseTo(28.0000000000391, 12);
  });

  it('is the mean, over acceptance rates, of the best profit that any share has', () => {
    const random = createRandom('profit');
    const labels = Uint8Array.from({ length: 400 }, () => Number(random.chance(0.3)));
    const likelihoods = Float64Array.from(labels, (label) => Math.round(20 * (random.next() * 0.7 + label * 0.3)) / 20);
    const { customerValue, incentive, contact, alpha, beta } = usualEconomics;
    const order = [...likelihoods.keys()].sort((a, b) => (likelihoods[b] ?? 0) - (likelihoods[a] ?? 0));
    const profitOf = (count: number, rate: number): number =>
      order
        .slice(0, count)
        .reduce((sum, row) => sum + (labels[row] === 1 ? rate * (customerValue - incentive) - contact : -incentive - contact), 0);
    const counts = [0, ...order.keys()].filter(
      (count) => count === 0 || likelihoods[order[count - 1] ?? 0] !== likelihoods[order[count] ?? 0],
    );
    let mean = 0;
    const steps = 500;
    for (let step = 0; step < steps; step++) {
      const mass = betaDistribution((step + 1) / steps, alpha, beta) - betaDistribution(step / steps, alpha, beta);
      mean += mass * Math.max(...[...counts, 400].map((count) => profitOf(count, (step + 0.5) / steps)));
    }
    expect(expectedMaximumProfit(likelihoods, labels).profit).toBeCloseTo(mean / 400, 3);
  });

  it('is what targeting all or nobody brings where all look the same', () => {
    const labels = Uint8Array.from({ length: 100 }, (_, row) => Number(row < 5));
    const { profit, share } = expectedMaximumProfit(Array<number>(100).fill(0.5), labels);
    expect(profit).toBeGreaterThanOrEqual(0);
    expect(profit).toBeLessThan(0.01);
    expect(share).toBeLessThan(0.01);
    expect(expectedMaximumProfit([], []).profit).toBe(0);
  });
});

describe('profit at a budget', () => {
  it('targets the most likely until the money is spent', () => {
    // 190 x 0.3 - 1 = 56 for one who churns, -11 for one who does not.
    expect(profitAtBudget([0.9, 0.8, 0.7, 0.1], [1, 0, 1, 1], 25)).toEqual({ targeted: 2, profit: expect.closeTo(45, 9) as number });
    expect(profitAtBudget([0.9, 0.8, 0.7, 0.1], [1, 0, 1, 1], 10)).toEqual({ targeted: 0, profit: 0 });
  });

  it('takes ties as drawn by lot', () => {
    expect(profitAtBudget([0.5, 0.5], [1, 0], 11).profit).toBeCloseTo((56 - 11) / 2, 9);
  });
});

describe('the beta distribution', () => {
  it('agrees with closed forms', () => {
    expect(logGamma(10)).toBeCloseTo(Math.log(362_880), 12);
    expect(logGamma(0.25)).toBeCloseTo(Math.log(3.625609908221908), 12);
    expect(betaDistribution(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(betaDistribution(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 14);
    expect(betaDistribution(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 14);
    expect(betaDistribution(0.3, 6, 14) + betaDistribution(0.7, 14, 6)).toBeCloseTo(1, 13);
    expect([betaDistribution(0, 6, 14), betaDistribution(1, 6, 14)]).toEqual([0, 1]);
  });
});

describe('a bootstrap interval', () => {
  it('holds the truth about as often as it says', () => {
    const random = createRandom('bootstrap');
    const draw = () => {
      const labels = Uint8Array.from({ length: 200 }, () => Number(random.chance(0.5)));
      return { labels, likelihoods: Float64Array.from(labels, (label) => random.next() + label * 0.5) };
    };
    // The chance that u + .5 is above v for two uniform numbers.
    const truth = 0.875;
    const right = Array.from({ length: 100 }, (_, run) => {
      const { labels, likelihoods } = draw();
      const { value, low, high } = bootstrapInterval(auc, likelihoods, labels, { seed: `${run}`, times: 100 });
      expect(low <= value && value <= high).toBe(true);
      return low <= truth && truth <= high;
    }).filter(Boolean).length;
    expect(right).toBeGreaterThan(84);
    expect(right).toBeLessThan(100);
  });
});
