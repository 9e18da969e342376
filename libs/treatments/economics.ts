import type { Money } from '../platform/money.js';
import { parseMoney } from '../platform/money.js';
import type { TreatmentDefinition } from './treatment.entity.js';

/** What a kept customer is believed to be worth, and what it costs to speak to one. */
export interface Economics {
  /** Whole months of further charges that a saved customer is credited with. */
  readonly horizonMonths: number;
  /** The share of a charge that is left after the cost of serving it: 0 to 1. */
  readonly margin: number;
  /** Minor units that sending an offer costs, whether or not it is taken. */
  readonly contactCost: number;
}

/**
 * Stated assumptions, to be replaced by the company's own books: one year, because a saved month-to-month customer may
 * leave again; 60% contribution margin; 5 cents for the one or two messages that carry an offer.
 */
export const statedEconomics: Economics = { horizonMonths: 12, margin: 0.6, contactCost: 5 };

/**
 * What the company pays if this customer takes the treatment: whole minor units, rounded up so that a budget is never
 * promised more than once. Undefined where a fixed cost is in another currency than the customer pays in.
 * @param monthlyCharge minor units a month
 */
export function costOf(treatment: TreatmentDefinition, monthlyCharge: Money): number | undefined {
  const { cost } = treatment;
  if ('fixed' in cost) {
    const fixed = parseMoney(cost.fixed);
    return fixed?.currency === monthlyCharge.currency ? fixed.minor : undefined;
  }
  return Math.ceil((monthlyCharge.minor * cost.percentOfMonthlyCharge * cost.months) / 100);
}
