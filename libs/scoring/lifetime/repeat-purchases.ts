import type { PurchaseHistories } from './purchase-histories.js';

/** A model of who goes on buying, fitted to histories: plain data and what follows from it for one customer. */
export interface RepeatPurchaseModel<Parameters> {
  readonly parameters: Parameters;
  readonly logLikelihood: number;
  /** False where the search for the parameters ended early: then they are not to be used. */
  readonly converged: boolean;
}

/** One customer's history: see PurchaseHistories. */
export interface History {
  readonly frequency: number;
  readonly recency: number;
  readonly age: number;
}

/** Some numbers of each history; one function for all models, so that each says only what it knows of one customer. */
export function ofEach({ frequency, recency, age }: PurchaseHistories, of: (history: History) => number): Float64Array {
  return frequency.map((count, index) => of({ frequency: count, recency: recency[index] ?? 0, age: age[index] ?? 0 }));
}

/** The sum over all histories; -Infinity as soon as one is impossible. */
export function sumOfEach({ frequency, recency, age }: PurchaseHistories, of: (history: History) => number): number {
  let sum = 0;
  for (let index = 0; index < frequency.length; index++) {
    sum += of({ frequency: frequency[index] ?? 0, recency: recency[index] ?? 0, age: age[index] ?? 0 });
    if (!Number.isFinite(sum)) return -Infinity;
  }
  return sum;
}

/**
 * Checks histories before a model is fitted.
 * @returns the mean frequency and the mean age: what a search starts from
 * @throws RangeError where no model can be fitted to them, saying why
 */
export function checkHistories({ frequency, recency, age }: PurchaseHistories): {
  readonly meanFrequency: number;
  readonly meanAge: number;
} {
  if (frequency.length !== recency.length || frequency.length !== age.length)
    throw new RangeError('The arrays of the histories differ in length');
  let purchases = 0;
  let time = 0;
  for (let index = 0; index < frequency.length; index++) {
    const [x, tx, t] = [frequency[index] ?? NaN, recency[index] ?? NaN, age[index] ?? NaN];
    if (!(x >= 0 && tx >= 0 && tx <= t && Number.isFinite(t)) || (x === 0) !== (tx === 0))
      throw new RangeError(`History ${index} cannot be: ${x} repeat purchases, the last after ${tx}, of an age of ${t}`);
    purchases += x;
    time += t;
  }
  if (purchases === 0) throw new RangeError('No customer has bought twice: there is nothing to learn repeat purchases from');
  return { meanFrequency: purchases / frequency.length, meanAge: time / frequency.length };
}

/** ln(e^a - e^b) for a >= b, without overflow. */
export function logDifference(a: number, b: number): number {
  return b >= a ? -Infinity : a + Math.log1p(-Math.exp(b - a));
}

/** ln(e^a + e^b), without overflow. */
export function logSum(a: number, b: number): number {
  const [greater, less] = a >= b ? [a, b] : [b, a];
  return less === -Infinity ? greater : greater + Math.log1p(Math.exp(less - greater));
}
