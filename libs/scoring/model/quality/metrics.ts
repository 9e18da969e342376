/** How well likelihoods fit the outcomes. `labels` are 1 if it happened, otherwise 0; one for each likelihood. */

/**
 * Area under the ROC curve: how often somebody to whom it happened has a higher likelihood than somebody to whom it did not, ties counting
 * half (Mann-Whitney). 0.5 if one of the two groups is empty.
 */
export function auc(likelihoods: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order = ascending(likelihoods);
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let positivesHere = 0;
    while (end < order.length && value(likelihoods, order, end) === value(likelihoods, order, start)) {
      positivesHere += value(labels, order, end);
      end++;
    }
    rankSum += positivesHere * ((start + end + 1) / 2);
    positives += positivesHere;
    start = end;
  }
  const pairs = positives * (order.length - positives);
  return pairs === 0 ? 0.5 : (rankSum - (positives * (positives + 1)) / 2) / pairs;
}

/** The rank of each value, from 1; equal values get the mean of their ranks. */
export function midranks(values: ArrayLike<number>): Float64Array {
  const order = ascending(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && value(values, order, end) === value(values, order, start)) end++;
    for (let at = start; at < end; at++) ranks[order[at] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Mean negative log-likelihood in nats; likelihoods are kept 1e-15 away from 0 and 1. */
export function logLoss(likelihoods: ArrayLike<number>, labels: ArrayLike<number>): number {
  return mean(likelihoods, (likelihood, index) => {
    const safe = Math.min(1 - 1e-15, Math.max(1e-15, likelihood));
    return labels[index] === 1 ? -Math.log(safe) : -Math.log(1 - safe);
  });
}

/** Mean squared error of the likelihoods. */
export function brier(likelihoods: ArrayLike<number>, labels: ArrayLike<number>): number {
  return mean(likelihoods, (likelihood, index) => (likelihood - (labels[index] ?? 0)) ** 2);
}

/**
 * Expected calibration error: in `bins` groups of equal count, from the least to the most likely, the distance between the mean likelihood
 * and the share of positive outcomes, averaged over customers.
 */
export function ece(likelihoods: ArrayLike<number>, labels: ArrayLike<number>, bins = 10): number {
  const order = ascending(likelihoods);
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const start = Math.round((bin * order.length) / bins);
    const end = Math.round(((bin + 1) * order.length) / bins);
    let gap = 0;
    for (let rank = start; rank < end; rank++) gap += value(likelihoods, order, rank) - value(labels, order, rank);
    error += Math.abs(gap);
  }
  return order.length === 0 ? 0 : error / order.length;
}

/**
 * How many times as often it happened among the most likely `share` of customers as among all; those who tie at its edge count in part.
 * NaN where it happened to nobody.
 */
export function lift(likelihoods: ArrayLike<number>, labels: ArrayLike<number>, share: number): number {
  const order = ascending(likelihoods);
  const wanted = share * order.length;
  let taken = 0;
  let happened = 0;
  for (let end = order.length; end > 0 && taken < wanted;) {
    let start = end;
    let here = 0;
    while (start > 0 && value(likelihoods, order, start - 1) === value(likelihoods, order, end - 1)) here += value(labels, order, --start);
    const part = Math.min(1, (wanted - taken) / (end - start));
    taken += part * (end - start);
    happened += part * here;
    end = start;
  }
  return happened / taken / mean(labels, (label) => label);
}

/** Indices from the lowest likelihood to the highest. */
export function ascending(likelihoods: ArrayLike<number>): Uint32Array {
  return Uint32Array.from(likelihoods, (_, index) => index).sort((a, b) => (likelihoods[a] ?? 0) - (likelihoods[b] ?? 0));
}

function value(of: ArrayLike<number>, order: Uint32Array, rank: number): number {
  return of[order[rank] ?? 0] ?? 0;
}

function mean(likelihoods: ArrayLike<number>, loss: (likelihood: number, index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < likelihoods.length; index++) sum += loss(likelihoods[index] ?? 0, index);
  return likelihoods.length === 0 ? 0 : sum / likelihoods.length;
}
