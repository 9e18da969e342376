import { likelihood, type ScoreKind } from './score-kind.js';

/** How likely the customer takes something else as well. */
export const crosssell: ScoreKind = { range: likelihood };
