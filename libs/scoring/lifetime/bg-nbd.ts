import { hypergeometric } from './numerics/hypergeometric.js';
import { logBeta, logGamma } from './numerics/log-gamma.js';
import { minimise } from './numerics/minimise.js';
import type { PurchaseHistories } from './purchase-histories.js';
import { checkHistories, logSum, ofEach, sumOfEach, type History, type RepeatPurchaseModel } from './repeat-purchases.js';

/**
 * The BG/NBD model (Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 2005): a customer buys at a
 * rate of their own, Gamma(r, alpha) over customers, and may become inactive right after a purchase, with a probability of
 * their own, Beta(a, b) over customers.
 *
 * **Not to be used as a churn score.** Who becomes inactive does so after a repeat purchase, so P(alive) is 1 for everybody who
 * bought only once, however long ago: those most likely to be lost come out as the safest. Use Pareto/NBD for that
 * (pareto-nbd.ts); both predict purchases about equally well.
 */
export interface BgNbd {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** Fits the model by maximum likelihood. @throws RangeError where the histories do not allow it */
export function fitBgNbd(histories: PurchaseHistories): RepeatPurchaseModel<BgNbd> {
  const { meanFrequency, meanAge } = checkHistories(histories);
  const { at, value, converged } = minimise(
    (parameters) => -bgNbdLogLikelihood(named(parameters), histories),
    [1, meanAge / meanFrequency, 1, 1],
    [ratio, { least: meanAge / 1e3, most: meanAge * 1e4 }, ratio, ratio],
  );
  return { parameters: named(at), logLikelihood: -value, converged };
}

const ratio = { least: 1e-3, most: 1e3 };

function named([r = NaN, alpha = NaN, a = NaN, b = NaN]: readonly number[]): BgNbd {
  return { r, alpha, a, b };
}

/** The log-likelihood of histories under given parameters (equation 6 of the paper). */
export function bgNbdLogLikelihood(model: BgNbd, histories: PurchaseHistories): number {
  const { r, alpha, a, b } = model;
  const constant = r * Math.log(alpha) - logGamma(r) - logBeta(a, b);
  return sumOfEach(histories, ({ frequency: x, recency, age }) => {
    const active = logBeta(a, b + x) - (r + x) * Math.log(alpha + age);
    const inactive = x === 0 ? -Infinity : logBeta(a + 1, b + x - 1) - (r + x) * Math.log(alpha + recency);
    return constant + logGamma(r + x) + logSum(active, inactive);
  });
}

/** How likely each customer is still active; 1 for everybody without a repeat purchase (see BgNbd). */
export function bgNbdAlive(model: BgNbd, histories: PurchaseHistories): Float64Array {
  return ofEach(histories, (history) => 1 / (1 + oddsOfInactive(model, history)));
}

/** The purchases that are expected of each customer within a time from now (equation 10). */
export function bgNbdExpected(model: BgNbd, histories: PurchaseHistories, time: number): Float64Array {
  return ofEach(histories, (history) => bgNbdExpectedOf(model, history, time));
}

/** The same for one customer. Euler's transformation of 2F1 leaves only small powers, so that many purchases overflow nothing. */
export function bgNbdExpectedOf(model: BgNbd, history: History, time: number): number {
  const { r, alpha, b } = model;
  // At a = 1 both the bracket and what it is divided by are 0.
  const a = Math.abs(model.a - 1) < 1e-6 ? 1 + 1e-6 : model.a;
  const { frequency: x, age } = history;
  const z = time / (alpha + age + time);
  const kept = (1 - z) ** (a - 1) * hypergeometric(a + b - 1 - r, a - 1, a + b + x - 1, z);
  return (((a + b + x - 1) / (a - 1)) * (1 - kept)) / (1 + oddsOfInactive(model, history));
}

function oddsOfInactive({ r, alpha, a, b }: BgNbd, { frequency: x, recency, age }: History): number {
  return x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x);
}
