import { likelihood, type ScoreKind } from './score-kind.js';

/** How likely the customer takes more of what they have. */
export const upsell: ScoreKind = { range: likelihood };
