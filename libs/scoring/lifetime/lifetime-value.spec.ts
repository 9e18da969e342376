import { createRandom } from '../../platform/random.js';
import { discountedPurchases, fitLifetime, inactiveLikelihoods, lifetimeValues, type LifetimeModel } from './lifetime-value.js';
import { expectedSpend, fitGammaGamma } from './gamma-gamma.js';
import { paretoNbdExpectedOf } from './pareto-nbd.js';

const model: LifetimeModel = {
  purchases: { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 },
  spend: { p: 6.25, q: 3.74, gamma: 1544 },
};
const regular = { frequency: 8, recency: 36, age: 38 };

describe('spend', () => {
  it('is drawn to the average of all where little is known, and to the own mean where much is', () => {
    const average = (model.spend.p * model.spend.gamma) / (model.spend.q - 1);
    expect(expectedSpend(model.spend, 0, 0)).toBeCloseTo(average, 6);
    const [one, many] = [1, 100].map((frequency) => expectedSpend(model.spend, frequency, 10_000));
    expect(one).toBeGreaterThan(average);
    expect(many).toBeGreaterThan(one ?? NaN);
    expect(many).toBeCloseTo(10_000, -3);
  });

  it('finds the spread of made customers again', () => {
    const random = createRandom('spend');
    const exponential = (): number => -Math.log(1 - random.next());
    const gamma = (shape: number): number => Array.from({ length: shape }, exponential).reduce((sum, each) => sum + each, 0);
    const frequency = Float64Array.from({ length: 4000 }, () => 1 + random.below(6));
    const means = frequency.map((count) => gamma(4 * count) / (count * (gamma(3) / 2000)));
    const { parameters, converged } = fitGammaGamma(frequency, means);
    expect(converged).toBe(true);
    expect(Math.abs(parameters.p / 4 - 1)).toBeLessThan(0.1);
    expect(Math.abs(parameters.q / 3 - 1)).toBeLessThan(0.1);
    expect(Math.abs(parameters.gamma / 2000 - 1)).toBeLessThan(0.2);
  });

  it('cannot be learnt from one customer', () => {
    expect(() => fitGammaGamma(Float64Array.of(0, 2), Float64Array.of(0, 500))).toThrow(/Fewer than two customers/);
  });
});

describe('lifetime value', () => {
  it('is, without a discount, the margin of the purchases that are expected', () => {
    const histories = {
      frequency: Float64Array.of(regular.frequency, 0),
      recency: Float64Array.of(regular.recency, 0),
      age: Float64Array.of(regular.age, 38),
      meanAmount: Float64Array.of(3000, 0),
    };
    const [first, second] = lifetimeValues(model, histories, { discount: 0, horizon: 52, margin: 0.4 });
    expect(first).toBe(Math.round(0.4 * paretoNbdExpectedOf(model.purchases, regular, 52) * expectedSpend(model.spend, 8, 3000)));
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThan((first ?? NaN) / 10);
    const [active, lone] = inactiveLikelihoods(model, histories);
    expect(active).toBeLessThan(lone ?? NaN);
  });

  it('is learnt from a made shop: the often and well paying are worth most', () => {
    const random = createRandom('shop');
    const frequency = Float64Array.from({ length: 800 }, () => Math.floor(random.next() ** 4 * 12));
    const recency = frequency.map((count) => (count === 0 ? 0 : 1 + random.next() * 50));
    const meanAmount = frequency.map((count) => (count === 0 ? 0 : 500 / (0.1 + random.next())));
    const histories = { frequency, recency, age: frequency.map(() => 52), meanAmount };
    const values = lifetimeValues(fitLifetime(histories), histories, { discount: 0.002, horizon: 52, margin: 0.3 });
    const mean = (wanted: (count: number) => boolean): number => {
      const chosen = values.filter((_, index) => wanted(frequency[index] ?? 0));
      return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
    };
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    expect(mean((count) => count >= 6)).toBeGreaterThan(2 * mean((count) => count <= 1));
    expect(() => fitLifetime({ ...histories, frequency: new Float64Array(800), recency: new Float64Array(800) })).toThrow(/bought twice/);
  });

  it('counts what comes later for less, and ends within a unit of time too', () => {
    const of = (discount: number, horizon: number): number => discountedPurchases(model.purchases, regular, { discount, horizon });
    expect(of(0.01, 52)).toBeLessThan(of(0, 52));
    expect(of(0.01, 52)).toBeGreaterThan(of(0, 52) / 1.01 ** 52);
    expect(of(0, 10.5)).toBeCloseTo(paretoNbdExpectedOf(model.purchases, regular, 10.5), 12);
  });
});
