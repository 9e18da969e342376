import { parseMoney } from '../platform/money.js';
import type { TreatmentDefinition } from './treatment.entity.js';

/** Assumptions about the value of a kept customer and the cost of a contact. */
export interface Economics {
  /** Whole months of further charges that a saved customer is credited with. */
  readonly horizonMonths: number;
  /** The share of a charge that is left after the cost of serving it: 0 to 1. */
  readonly margin: number;
  /** The cost of sending an offer in minor units, accepted or not. */
  readonly contactCost: number;
}

/**
 * Stated assumptions, to be replaced by the company's own figures: one year, because a saved month-to-month customer may churn later; 60%
 * contribution margin; 5 cents for the one or two messages that carry an offer.
 */
export const statedEconomics: Economics = { horizonMonths: 12, margin: 0.6, contactCost: 5 };

/** Why an amount cannot be known: it is stated in another currency, or the customer's monthly charge is not known. */
export type NotKnown = 'other-currency' | 'no-charge';

/**
 * What the company pays if this customer accepts the treatment: whole minor units, rounded up so that promises never exceed the budget.
 * @param monthlyCharge minor units a month; null if it is not known
 * @param currency that the customer is charged in, or else the campaign's
 */
export function costOf(treatment: TreatmentDefinition, monthlyCharge: number | null, currency: string): number | NotKnown {
  const { cost } = treatment;
  if ('fixed' in cost) return inCurrency(cost.fixed, currency);
  if (monthlyCharge === null) return 'no-charge';
  return Math.ceil((monthlyCharge * cost.percentOfMonthlyCharge * cost.months) / 100);
}

/**
 * The margin of this customer's charges over the horizon if they stay, in minor units: from the monthly charge, or, if that is not known,
 * the value that the treatment states.
 */
export function keptValueOf(
  treatment: TreatmentDefinition,
  monthlyCharge: number | null,
  currency: string,
  economics: Economics,
): number | NotKnown {
  if (monthlyCharge !== null) return monthlyCharge * economics.horizonMonths * economics.margin;
  return treatment.customerValue === undefined ? 'no-charge' : inCurrency(treatment.customerValue, currency);
}

function inCurrency(amount: string, currency: string): number | NotKnown {
  const stated = parseMoney(amount);
  return stated?.currency === currency ? stated.minor : 'other-currency';
}
