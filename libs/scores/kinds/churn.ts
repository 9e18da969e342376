import { likelihood, type ScoreKind } from './score-kind.js';

/**
 * How likely the customer leaves. An end of the contract is a fact, whatever a file said before; who is still here after all
 * the time that the score looks ahead has not left.
 */
export const churn: ScoreKind = {
  range: likelihood,
  happened: ({ churned }) => churned || undefined,
  otherwise: ({ seenThrough }) => (seenThrough ? false : undefined),
};
