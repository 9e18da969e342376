import { defineEntity, p, type InferEntity } from '@mikro-orm/core';

export const treatmentKinds = ['discount', 'bill-credit', 'upgrade', 'points', 'voucher', 'call-back'] as const;
export type TreatmentKind = (typeof treatmentKinds)[number];

/** What may be done for a customer, as its YAML file in config/treatments declares it. */
export interface TreatmentDefinition {
  readonly treatment: string;
  readonly title: string;
  readonly kind: TreatmentKind;
  /** Who may get it: a condition in CEL. */
  readonly eligible: string;
  /** What it costs the company: a fixed amount, or a share of the monthly charge for some months. */
  readonly cost: { readonly fixed: string } | { readonly percentOfMonthlyCharge: number; readonly months: number };
  /** What a customer who stays is worth over the horizon, its margin alone: for customers whose monthly charge is not known. */
  readonly customerValue?: string | undefined;
  /** Whole days an offer of it stands. */
  readonly validDays: number;
  /** What is believed before there is data: how likely it is taken, and by how much it lowers the chance to leave (both 0 to 1). */
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
