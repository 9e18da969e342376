import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Campaign } from '../campaigns/campaign.entity.js';
import { Enrolment } from '../campaigns/enrolment.entity.js';
import type { Purpose } from '../channels/purpose.js';
import { Customer } from '../customers/customer.entity.js';

/**
 * `assess`: the customer was checked again. `treat` and `none`: a treatment was chosen, or none pays off. `send`, `defer`, `block`: the
 * contact policy's answer about a message.
 */
export const decisionKinds = ['assess', 'treat', 'none', 'send', 'defer', 'block'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** One candidate and its value. Money in minor units. */
export interface Candidate {
  readonly key: string;
  readonly eligible: boolean;
  /** Expected incremental profit; null if it was not eligible. */
  readonly value: number | null;
  readonly reasons: readonly string[];
}

/**
 * The stored record of one choice, also of every choice not to do something. It belongs to a step of a journey, or was requested by a
 * reference.
 */
export const Decision = defineEntity({
  name: 'Decision',
  tableName: 'decision',
  indexes: [{ properties: ['campaign', 'kind'] }, { properties: ['campaign', 'at'] }, { properties: ['customer', 'at'] }],
  uniques: [
    { properties: ['enrolment', 'step', 'occurrence', 'ordinal'] },
    { properties: ['customer', 'reference', 'occurrence', 'ordinal'] },
  ],
  checks: [
    { name: 'decision_asked_by_check', expression: 'num_nonnulls(step, reference) = 1 and (step is null or enrolment_id is not null)' },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Null outside of a journey. */
    enrolment: p.manyToOne(Enrolment).mapToPk().nullable().deleteRule('cascade'),
    /** Null without a campaign. */
    campaign: p.manyToOne(Campaign).mapToPk().nullable().deleteRule('no action'),
    customer: p.manyToOne(Customer).mapToPk(),
    /** The requesting step of the journey; null outside of one. */
    step: p.text().nullable(),
    /** The caller's reference outside of a journey: the same reference of the same customer is the same choice. Null within a journey. */
    reference: p.text().nullable(),
    /** The number of the attempt, from 1; a deferred message is tried again. 0 for the choice of an offer by a reference. */
    occurrence: p.integer(),
    /** The order of the decisions of one attempt: channel by channel. */
    ordinal: p.integer(),
    kind: p.text().$type<DecisionKind>(),
    /** The treatment or channel it is about; null for `none`. */
    subject: p.text().nullable(),
    candidates: p.json<Candidate[]>(),
    /** For people: short codes, the main one first, as `quiet-hours`, `no-consent`, `suppressed`, `cap`, `budget`, `nothing-pays`. */
    reasons: p.array(),
    /** For `defer` and `block`: the one code because of which the message waits or is not sent. The next step depends on it. */
    cause: p.text().nullable(),
    /** For `send`, `defer` and `block`: the purpose of the message. */
    purpose: p.text().$type<Purpose>().nullable(),
    /** For `defer`: until when. */
    until: p.datetime().nullable(),
    at: p.datetime(),
  },
});
export type Decision = InferEntity<typeof Decision>;
