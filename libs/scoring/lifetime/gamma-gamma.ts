import { logGamma } from './numerics/log-gamma.js';
import { minimise } from './numerics/minimise.js';

/**
 * The Gamma-Gamma model of spend (Fader and Hardie, The Gamma-Gamma Model of Monetary Value, 2013): the amounts of one customer are
 * Gamma(p, nu), with a nu of their own, Gamma(q, gamma) over customers. A customer with few purchases is drawn to the average
 * of all, one with many keeps their own mean. It supposes that how much is spent at once and how often have nothing to do with
 * each other.
 */
export interface GammaGamma {
  readonly p: number;
  readonly q: number;
  /** In the unit of the amounts. */
  readonly gamma: number;
}

/** A fitted model of spend. */
export interface SpendModel {
  readonly parameters: GammaGamma;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

/** q stays above 1: below it the mean of a customer without a purchase does not exist. */
const bounds = { p: { least: 1e-4, most: 1e4 }, q: { least: 1.01, most: 1e4 } };

/**
 * Fits the model by maximum likelihood, on the customers with at least one purchase of a positive mean.
 * @param frequency the number of purchases that each mean is of
 * @throws RangeError where fewer than two customers have one
 */
export function fitGammaGamma(frequency: Float64Array, meanAmount: Float64Array): SpendModel {
  const used = Uint32Array.from(frequency.keys()).filter((index) => at(frequency, index) > 0 && at(meanAmount, index) > 0);
  if (used.length < 2) throw new RangeError('Fewer than two customers have spent anything: there is nothing to learn spend from');
  const counts = Float64Array.from(used, (index) => at(frequency, index));
  const means = Float64Array.from(used, (index) => at(meanAmount, index));
  const average = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  const {
    at: found,
    value,
    converged,
  } = minimise(
    (parameters) => -logLikelihood(named(parameters), counts, means),
    [1, 2, average],
    [bounds.p, bounds.q, { least: average / 1e5, most: average * 1e5 }],
  );
  return { parameters: named(found), logLikelihood: -value, converged };
}

function named([p = NaN, q = NaN, gamma = NaN]: readonly number[]): GammaGamma {
  return { p, q, gamma };
}

function logLikelihood({ p, q, gamma }: GammaGamma, counts: Float64Array, means: Float64Array): number {
  const constant = q * Math.log(gamma) - logGamma(q);
  let sum = 0;
  for (let index = 0; index < counts.length; index++) {
    const x = at(counts, index);
    const mean = at(means, index);
    sum +=
      constant +
      logGamma(p * x + q) -
      logGamma(p * x) +
      p * x * Math.log(x) +
      (p * x - 1) * Math.log(mean) -
      (p * x + q) * Math.log(gamma + x * mean);
  }
  return sum;
}

/** What a customer is expected to spend at one purchase, given the mean of `frequency` of them. */
export function expectedSpend({ p, q, gamma }: GammaGamma, frequency: number, meanAmount: number): number {
  return (p * (gamma + frequency * meanAmount)) / (p * frequency + q - 1);
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
