import type { ScoreKind } from './score-kind.js';

/** How much the customer influences others, as the company’s own index. */
export const influence: ScoreKind = {};
