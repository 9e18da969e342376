import type { ScoreKind } from './score-kind.js';

/** How much others do what the customer does, by an index of the company’s own. */
export const influence: ScoreKind = {};
