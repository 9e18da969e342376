import type { ScoreKind } from './score-kind.js';

/** What the customer is worth over their lifetime, in the company’s own unit. */
export const clv: ScoreKind = {};
