import { likelihood, type ScoreKind } from './score-kind.js';

/** How likely it is that the customer does not pay. */
export const badDebt: ScoreKind = { range: likelihood };
