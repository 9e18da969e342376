import type { ScoreKind } from './score-kind.js';

/** What the customer is worth over their lifetime, in an amount of the company’s own. */
export const clv: ScoreKind = {};
