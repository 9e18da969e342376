import { likelihood, type ScoreKind } from './score-kind.js';

/** How likely it is that the customer buys another product. */
export const crosssell: ScoreKind = { range: likelihood };
