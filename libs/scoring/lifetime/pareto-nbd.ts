import { hypergeometricOfOne } from './numerics/hypergeometric.js';
import { logGamma } from './numerics/log-gamma.js';
import { minimise } from './numerics/minimise.js';
import type { PurchaseHistories } from './purchase-histories.js';
import { checkHistories, logDifference, logSum, ofEach, sumOfEach, type History, type RepeatPurchaseModel } from './repeat-purchases.js';

/**
 * The Pareto/NBD model (Schmittlein, Morrison and Colombo, Counting Your Customers, Management Science 1987; the formulas as in
 * Fader and Hardie, A Note on Deriving the Pareto/NBD Model, 2005): a customer buys at a rate of their own, Gamma(r, alpha)
 * over customers, and becomes inactive at any moment at a rate of their own, Gamma(s, beta). Time passes against everybody, so
 * P(alive) falls for those too who bought only once: this is the model to score churn with.
 */
export interface ParetoNbd {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

/** Fits the model by maximum likelihood. @throws RangeError where the histories do not allow it */
export function fitParetoNbd(histories: PurchaseHistories): RepeatPurchaseModel<ParetoNbd> {
  const { meanFrequency, meanAge } = checkHistories(histories);
  const time = { least: meanAge / 1e3, most: meanAge * 1e4 };
  const { at, value, converged } = minimise(
    (parameters) => -paretoNbdLogLikelihood(named(parameters), histories),
    [1, meanAge / meanFrequency, 1, meanAge],
    [ratio, time, ratio, time],
  );
  return { parameters: named(at), logLikelihood: -value, converged };
}

const ratio = { least: 1e-3, most: 1e3 };

function named([r = NaN, alpha = NaN, s = NaN, beta = NaN]: readonly number[]): ParetoNbd {
  return { r, alpha, s, beta };
}

/** The log-likelihood of histories under given parameters. */
export function paretoNbdLogLikelihood(model: ParetoNbd, histories: PurchaseHistories): number {
  const { r, alpha, s, beta } = model;
  const constant = r * Math.log(alpha) + s * Math.log(beta) - logGamma(r);
  return sumOfEach(histories, (history) => {
    const { frequency: x } = history;
    const inactive = Math.log(s / (r + s + x)) + logInactive(model, history);
    return constant + logGamma(r + x) + logSum(logActive(model, history), inactive);
  });
}

/** How likely each customer is still active. */
export function paretoNbdAlive(model: ParetoNbd, histories: PurchaseHistories): Float64Array {
  return ofEach(histories, (history) => paretoNbdAliveOf(model, history));
}

/** The same for one customer. */
export function paretoNbdAliveOf(model: ParetoNbd, history: History): number {
  const { r, s } = model;
  return 1 / (1 + (s / (r + s + history.frequency)) * Math.exp(logInactive(model, history) - logActive(model, history)));
}

/** The purchases that are expected of each customer within a time from now. */
export function paretoNbdExpected(model: ParetoNbd, histories: PurchaseHistories, time: number): Float64Array {
  return ofEach(histories, (history) => paretoNbdExpectedOf(model, history, time));
}

/** The same for one customer. */
export function paretoNbdExpectedOf(model: ParetoNbd, history: History, time: number): number {
  return paretoNbdAliveOf(model, history) * paretoNbdExpectedIfAlive(model, history, time);
}

/** The same for one customer who is known to be active now. */
export function paretoNbdExpectedIfAlive({ r, alpha, s, beta }: ParetoNbd, { frequency, age }: History, time: number): number {
  const elapsed = Math.log1p(time / (beta + age));
  // (1 - e^(-(s - 1) elapsed)) / (s - 1), which is `elapsed` itself at s = 1.
  const active = s === 1 ? elapsed : -Math.expm1((1 - s) * elapsed) / (s - 1);
  return (((r + frequency) * (beta + age)) / (alpha + age)) * active;
}

/** ln of (alpha + T)^-(r + x) (beta + T)^-s: still active after all of the age. */
function logActive({ r, alpha, s, beta }: ParetoNbd, { frequency: x, age }: History): number {
  return -(r + x) * Math.log(alpha + age) - s * Math.log(beta + age);
}

/** ln of A0: became inactive at some moment after the last purchase. */
function logInactive(model: ParetoNbd, { frequency, recency, age }: History): number {
  return logDifference(logUpTo(model, frequency, recency), logUpTo(model, frequency, age));
}

/**
 * One half of A0: ln of 2F1(r + s + x, s + 1; r + s + x + 1; z) / (alpha + t)^(r + s + x), or its mirror image where beta is
 * the greater. Euler's transformation makes the first parameter 1, and leaves nothing that grows with the number of purchases.
 */
function logUpTo({ r, alpha, s, beta }: ParetoNbd, x: number, t: number): number {
  const order = r + s + x;
  const [greater, less, stays] = alpha >= beta ? [alpha, beta, r + x] : [beta, alpha, s + 1];
  const z = (greater - less) / (greater + t);
  const power = alpha >= beta ? s : r + x - 1;
  return Math.log(hypergeometricOfOne(stays, order + 1, z)) - power * Math.log1p(-z) - order * Math.log(greater + t);
}
