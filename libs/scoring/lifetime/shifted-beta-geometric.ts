import { hypergeometricOfOne } from './numerics/hypergeometric.js';
import { logBeta } from './numerics/log-gamma.js';
import { minimise } from './numerics/minimise.js';
import type { HazardByPeriod } from './remaining-value.js';

/**
 * The shifted-beta-geometric model of a contract that is renewed period by period (Fader and Hardie, How to Project Customer
 * Retention, Journal of Interactive Marketing 2007): each customer leaves at the end of a period with a probability of
 * their own, Beta(alpha, beta) over customers. That those stay who are loyal makes the retention of a cohort rise, although
 * nobody changes.
 */
export interface ShiftedBetaGeometric {
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Customers who began together, by how many were there: at the beginning, after the first period, after the second, ... Cohorts of
 * different lengths may be fitted together. Shares do as well as counts: then all cohorts weigh the same.
 */
export type Cohort = ArrayLike<number>;

export interface ContractModel {
  readonly parameters: ShiftedBetaGeometric;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

/** Fits the model by maximum likelihood. @throws RangeError where a cohort grows, or nobody has left or nobody has stayed */
export function fitShiftedBetaGeometric(cohorts: readonly Cohort[]): ContractModel {
  checkCohorts(cohorts);
  const { at, value, converged } = minimise(
    ([alpha = NaN, beta = NaN]) => -logLikelihood({ alpha, beta }, cohorts),
    [1, 1],
    [bounds, bounds],
  );
  return { parameters: { alpha: at[0] ?? NaN, beta: at[1] ?? NaN }, logLikelihood: -value, converged };
}

const bounds = { least: 1e-4, most: 1e5 };

/** The share of a cohort that is expected to be there after a number of periods. */
export function survival({ alpha, beta }: ShiftedBetaGeometric, periods: number): number {
  return Math.exp(logBeta(alpha, beta + periods) - logBeta(alpha, beta));
}

/** The share of those there in a period, 1 for the first, that renews at its end. */
export function retention({ alpha, beta }: ShiftedBetaGeometric, period: number): number {
  return (beta + period - 1) / (alpha + beta + period - 1);
}

/** How likely a customer of the cohort leaves at the end of each period. */
export function hazardOfCohort(model: ShiftedBetaGeometric): HazardByPeriod {
  return (period) => 1 - retention(model, period);
}

/**
 * Discounted expected residual lifetime (Fader and Hardie, Customer-Base Valuation in a Contractual Setting, Marketing Science
 * 2010, equation 6): the renewals still to come, the next one undiscounted, of a customer who is in their period `period` and
 * has not yet decided about its end. All periods to come, without a horizon.
 * @param discount of one period: 0.1 is 10%
 */
export function residualLifetime({ alpha, beta }: ShiftedBetaGeometric, period: number, discount: number): number {
  if (!(discount > 0))
    throw new RangeError('Without a discount the residual lifetime may be infinite: give a horizon, or a discount above 0');
  return retention({ alpha, beta }, period) * hypergeometricOfOne(beta + period, alpha + beta + period, 1 / (1 + discount));
}

/** Those who left in each period, and those who are there at the end. */
function logLikelihood({ alpha, beta }: ShiftedBetaGeometric, cohorts: readonly Cohort[]): number {
  const all = logBeta(alpha, beta);
  let sum = 0;
  for (const cohort of cohorts) {
    for (let period = 1; period < cohort.length; period++) {
      const left = (cohort[period - 1] ?? 0) - (cohort[period] ?? 0);
      if (left > 0) sum += left * (logBeta(alpha + 1, beta + period - 1) - all);
    }
    sum += (cohort[cohort.length - 1] ?? 0) * (logBeta(alpha, beta + cohort.length - 1) - all);
  }
  return sum;
}

function checkCohorts(cohorts: readonly Cohort[]): void {
  let left = 0;
  let stayed = 0;
  for (const [place, cohort] of cohorts.entries()) {
    for (let period = 1; period < cohort.length; period++) {
      if (!((cohort[period] ?? NaN) >= 0 && (cohort[period] ?? NaN) <= (cohort[period - 1] ?? NaN)))
        throw new RangeError(
          `Cohort ${place} has ${cohort[period] ?? 'nobody'} customers after period ${period}, and ${cohort[period - 1] ?? 'nobody'} before`,
        );
      stayed += cohort[period] ?? 0;
    }
    left += (cohort[0] ?? 0) - (cohort[cohort.length - 1] ?? 0);
  }
  if (left === 0) throw new RangeError('Nobody has left in any cohort: there is nothing to learn retention from');
  if (stayed === 0) throw new RangeError('Nobody has stayed in any cohort: there is nothing to learn retention from');
}
