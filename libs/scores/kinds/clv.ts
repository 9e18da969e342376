import type { ScoreKind } from './score-kind.js';

/**
 * What the customer is expected still to bring, as margin: whole minor units of their currency (cents, of EUR), as all amounts are kept. A customer
 * without a currency is taken for one whose currency has cents. Scores that a company posts are in the same unit.
 */
export const clv: ScoreKind = {};
