/** How likely a customer who is there at the beginning of a period leaves at its end; periods are counted from 1 at the start of the contract. */
export type HazardByPeriod = (period: number) => number;

/** What a customer's remaining time is worth: how it is reckoned. */
export interface Valuation {
  /** What one period with the customer earns, in minor units: the charge times the margin. */
  readonly marginPerPeriod: number;
  /** Of one period: 0.1 is 10%. See discountOfPeriod. */
  readonly discount: number;
  /** Periods that are looked ahead. */
  readonly horizon: number;
}

/**
 * The periods that a customer is expected still to stay, discounted: those of the horizon, the next one undiscounted, each by how
 * likely they are still there. The customer is in `period` and has not yet decided about its end.
 */
export function remainingPeriods(
  hazard: HazardByPeriod,
  period: number,
  { discount, horizon }: Omit<Valuation, 'marginPerPeriod'>,
): number {
  let there = 1;
  let factor = 1;
  let sum = 0;
  for (let ahead = 0; ahead < horizon; ahead++) {
    there *= 1 - hazard(period + ahead);
    sum += there * factor;
    factor /= 1 + discount;
  }
  return sum;
}

/**
 * The margin that is expected of a customer under contract from the next renewal on, in whole minor units.
 * @param hazard of a cohort (`hazardOfCohort`) or of this customer (`hazardOfCustomer`)
 */
export function remainingMargin(hazard: HazardByPeriod, period: number, valuation: Valuation): number {
  return Math.round(valuation.marginPerPeriod * remainingPeriods(hazard, period, valuation));
}

/** The discount of one period that makes `yearly` over a year: 10% a year is 0.797% a month. */
export function discountOfPeriod(yearly: number, periodsPerYear: number): number {
  return Math.expm1(Math.log1p(yearly) / periodsPerYear);
}
