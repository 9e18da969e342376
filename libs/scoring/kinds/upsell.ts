import { likelihood, type ScoreKind } from './score-kind.js';

/** How likely it is that the customer extends what they have. */
export const upsell: ScoreKind = { range: likelihood };
