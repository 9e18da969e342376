import { likelihood, type ScoreKind } from './score-kind.js';

/**
 * How likely it is that the customer churns. An ended contract is a fact, whatever a file said before. A customer who is still here after
 * the whole horizon of the score has not churned.
 */
export const churn: ScoreKind = {
  range: likelihood,
  happened: ({ churned }) => churned || undefined,
  otherwise: ({ seenThrough }) => (seenThrough ? false : undefined),
};
