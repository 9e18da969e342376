import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Campaign } from '../campaigns/campaign.entity.js';
import { Enrolment } from '../campaigns/enrolment.entity.js';
import { Customer } from '../customers/customer.entity.js';
import { Decision } from './decision.entity.js';

/** `open` reserves its cost; `accepted` spends it; `declined`, `expired` and `withdrawn` release it, once. */
export const offerStates = ['open', 'accepted', 'declined', 'expired', 'withdrawn'] as const;
export type OfferState = (typeof offerStates)[number];

/** A treatment issued to one customer, by a step of a journey or by a reference. */
export const Offer = defineEntity({
  name: 'Offer',
  tableName: 'offer',
  indexes: [
    { properties: ['campaign', 'state'] },
    {
      name: 'offer_due',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("expires_at") where state = 'open'`,
    },
  ],
  uniques: [{ properties: ['enrolment', 'step'] }, { properties: ['customer', 'reference'] }],
  checks: [
    { name: 'offer_asked_by_check', expression: 'num_nonnulls(step, reference) = 1 and (step is null or enrolment_id is not null)' },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Null outside of a journey. */
    enrolment: p.manyToOne(Enrolment).mapToPk().nullable().deleteRule('cascade'),
    /** The campaign whose budget pays its cost; null if none does. */
    campaign: p.manyToOne(Campaign).mapToPk().nullable().deleteRule('no action'),
    customer: p.manyToOne(Customer).mapToPk(),
    decision: p.manyToOne(Decision).mapToPk(),
    /** The `choose` step that issued it; null outside of a journey. */
    step: p.text().nullable(),
    /** The caller's reference outside of a journey: one offer for each customer and reference. Null within a journey. */
    reference: p.text().nullable(),
    treatment: p.text(),
    title: p.text(),
    /** The cost of acceptance for the company in minor units. */
    cost: p.bigint('number'),
    currency: p.character().length(3),
    voucherCode: p.text().unique(),
    state: p.enum(offerStates),
    issuedAt: p.datetime(),
    expiresAt: p.datetime(),
    settledAt: p.datetime().nullable(),
  },
});
export type Offer = InferEntity<typeof Offer>;
