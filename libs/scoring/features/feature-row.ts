import { minorPerMajor } from '../../platform/currencies.js';

/** The columns and attributes of one customer, by their names in rules. */
export type FeatureRow = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The row of a customer: its attributes, and its columns under the names that rules use; the charge in major units. */
export function toFeatureRow(customer: {
  readonly plan: string | null;
  readonly monthlyCharge: number | null;
  readonly currency: string | null;
  readonly tenure: number | null;
  readonly attributes: FeatureRow;
}): FeatureRow {
  const { attributes, plan, monthlyCharge: minor, currency, tenure } = customer;
  const monthlyCharge = minor === null || currency === null ? null : minor / minorPerMajor(currency);
  return { ...attributes, plan, monthly_charge: monthlyCharge, tenure };
}
