import type { ScoreKind } from './score-kind.js';

/** How much the customer matters to others. Of our own model, 1 is the average of all customers; a company may post an index of its own. */
export const influence: ScoreKind = {};
