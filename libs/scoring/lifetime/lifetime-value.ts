import { expectedSpend, fitGammaGamma, type GammaGamma } from './gamma-gamma.js';
import { fitParetoNbd, paretoNbdAlive, paretoNbdAliveOf, paretoNbdExpectedIfAlive, type ParetoNbd } from './pareto-nbd.js';
import { spaced, type ValuedHistories } from './purchase-histories.js';
import type { History } from './repeat-purchases.js';

/**
 * What customers without a contract are worth: Pareto/NBD says how many purchases are still to come, Gamma-Gamma how much each
 * brings. Pareto/NBD and not BG/NBD, because its P(alive) is sound for customers who bought only once (see bg-nbd.ts), so one
 * model gives both the value and how likely a customer is lost.
 */
export interface LifetimeModel {
  readonly purchases: ParetoNbd;
  readonly spend: GammaGamma;
}

/** How purchases to come are reckoned. */
export interface LifetimeValuation {
  /** Of one unit of time of the histories: 0.1 is 10%. See discountOfPeriod. */
  readonly discount: number;
  /** Units of time that are looked ahead. */
  readonly horizon: number;
  /** What remains of an amount, between 0 and 1. */
  readonly margin: number;
}

/** Customers that models are fitted to: a few seconds of work, and parameters to within a few percent of those of all. */
const mostFitted = 20_000;

/** Fits both models, to evenly spaced customers where there are very many. @throws RangeError where the histories do not allow it, saying why */
export function fitLifetime(histories: ValuedHistories): LifetimeModel {
  const used = spaced(histories, mostFitted);
  const purchases = fitParetoNbd(used);
  const spend = fitGammaGamma(used.frequency, used.meanAmount);
  if (!purchases.converged || !spend.converged)
    throw new RangeError('The search for a model of these purchases does not end: they follow no such model');
  return { purchases: purchases.parameters, spend: spend.parameters };
}

/** The discounted margin that is expected of each customer within the horizon, in whole minor units as the amounts were. */
export function lifetimeValues(model: LifetimeModel, histories: ValuedHistories, valuation: LifetimeValuation): Float64Array {
  const { frequency, recency, age, meanAmount } = histories;
  return frequency.map((count, index) => {
    const history = { frequency: count, recency: recency[index] ?? 0, age: age[index] ?? 0 };
    const purchases = discountedPurchases(model.purchases, history, valuation);
    return Math.round(valuation.margin * purchases * expectedSpend(model.spend, count, meanAmount[index] ?? 0));
  });
}

/** How likely each customer buys no more: a score of churn where there is no contract that ends. */
export function inactiveLikelihoods(model: LifetimeModel, histories: ValuedHistories): Float64Array {
  return paretoNbdAlive(model.purchases, histories).map((alive) => 1 - alive);
}

/** The purchases to come within the horizon, those of each unit of time discounted as if they came in its middle. */
export function discountedPurchases(model: ParetoNbd, history: History, { discount, horizon }: Omit<LifetimeValuation, 'margin'>): number {
  let sum = 0;
  let before = 0;
  for (let start = 0; start < horizon; start++) {
    const end = Math.min(start + 1, horizon);
    const until = paretoNbdExpectedIfAlive(model, history, end);
    sum += (until - before) / (1 + discount) ** ((start + end) / 2);
    before = until;
  }
  return sum * paretoNbdAliveOf(model, history);
}
