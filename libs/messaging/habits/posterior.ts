/** How many messages were sent, and how many of them were answered. */
export interface Tally {
  readonly sent: number;
  readonly answered: number;
}

/** The estimate of a rate: a beta distribution. */
export interface Belief {
  readonly alpha: number;
  readonly beta: number;
}

/** One-sided 95%: the normal distribution's quantile. */
const z95 = 1.644_853_626_951_473;

/**
 * The estimate of a customer's rate: a beta prior around the population's rate, updated with the customer's counts. Without counts it is
 * the population's rate, and with more counts the population has less weight (empirical Bayes: Robbins, Third Berkeley Symposium 1956; the
 * conjugate update: Gelman et al., Bayesian Data Analysis, 3rd edition, 2.4).
 * @param rate the population's, 0 to 1
 * @param strength the weight of the population's rate, as a number of messages
 */
export function believe(rate: number, strength: number, { sent, answered }: Tally): Belief {
  const inside = Math.min(0.999, Math.max(0.001, rate));
  return { alpha: strength * inside + answered, beta: strength * (1 - inside) + (sent - answered) };
}

/** The expected rate, 0 to 1. */
export function meanOf({ alpha, beta }: Belief): number {
  return alpha / (alpha + beta);
}

/**
 * True if the first rate is above the second with a probability of more than 95%, both approximated as normal (the large sample
 * approximation of Bayesian Data Analysis, 4.1; with few counts the priors keep it cautious).
 */
export function isClearlyHigher(one: Belief, other: Belief): boolean {
  return meanOf(one) - meanOf(other) > z95 * Math.sqrt(varianceOf(one) + varianceOf(other));
}

function varianceOf(belief: Belief): number {
  const mean = meanOf(belief);
  return (mean * (1 - mean)) / (belief.alpha + belief.beta + 1);
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((total, tally) => ({ sent: total.sent + tally.sent, answered: total.answered + tally.answered }), {
    sent: 0,
    answered: 0,
  });
}
