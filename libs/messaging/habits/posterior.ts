/** How many messages went out, and how many of them were answered. */
export interface Tally {
  readonly sent: number;
  readonly answered: number;
}

/** What is believed of a rate: a beta distribution. */
export interface Belief {
  readonly alpha: number;
  readonly beta: number;
}

/** One-sided 95%: the normal distribution's quantile. */
const z95 = 1.644_853_626_951_473;

/**
 * The belief about somebody's rate: a beta prior around the population's rate, updated by what was counted of them. With
 * nothing counted it is the population's, and the more was counted the less the population weighs (empirical Bayes:
 * Robbins, Third Berkeley Symposium 1956; the conjugate update: Gelman et al., Bayesian Data Analysis, 3rd edition, 2.4).
 * @param rate the population's, 0 to 1
 * @param strength how many messages the population's rate counts for
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
 * True if the first rate is above the second with a probability of more than 95%, both taken as normal (the large
 * sample approximation of Bayesian Data Analysis, 4.1; the priors keep it honest where little was counted).
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
