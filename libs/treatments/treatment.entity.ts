import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export const treatmentKinds = ['discount', 'bill-credit', 'upgrade', 'points', 'voucher', 'call-back'] as const;
export type TreatmentKind = (typeof treatmentKinds)[number];

/** A treatment for a customer, as its YAML file in config/treatments declares it. */
export interface TreatmentDefinition {
  readonly treatment: string;
  readonly title: string;
  readonly kind: TreatmentKind;
  /** Who may get it: a condition in CEL. */
  readonly eligible: string;
  /** What it costs the company: a fixed amount, or a share of the monthly charge for some months. */
  readonly cost: { readonly fixed: string } | { readonly percentOfMonthlyCharge: number; readonly months: number };
  /** The margin of a retained customer over the horizon, for customers whose monthly charge is not known. */
  readonly customerValue?: string | undefined;
  /** How many days its offer is open. */
  readonly validDays: number;
  /** Assumptions before there is data: how likely it is accepted, and by how much it lowers the likelihood of churn (both 0 to 1). */
  readonly prior: { readonly acceptance: number; readonly uplift: number };
}

export const Treatment = defineEntity({
  name: 'Treatment',
  tableName: 'treatment',
  properties: {
    key: p.text().primary(),
    definition: p.json<TreatmentDefinition>(),
    updatedAt: p.datetime(),
  },
});
export type Treatment = InferEntity<typeof Treatment>;
