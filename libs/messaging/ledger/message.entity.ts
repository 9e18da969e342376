import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Campaign } from '../../campaigns/campaign.entity.js';
import { Enrolment } from '../../campaigns/enrolment.entity.js';
import type { Channel } from '../../channels/table.js';
import { ContactPoint } from '../../customers/contact-point.entity.js';
import { purposes } from '../../channels/purpose.js';
import { Customer } from '../../customers/customer.entity.js';
import { Offer } from '../../offers/offer.entity.js';

/**
 * planned -> claimed (fence) -> submitting (committed before any I/O) -> accepted -> delivered | bounced
 *                                                                     -> rejected
 *                                                                     -> unknown
 * A planned message may also be `withdrawn` (the customer opted out, the campaign was cancelled) or `late` (its time to
 * be sent passed before anybody claimed it).
 */
export const messageStates = [
  'planned',
  'claimed',
  'submitting',
  'accepted',
  'delivered',
  'bounced',
  'rejected',
  'unknown',
  'withdrawn',
  'late',
] as const;
export type MessageState = (typeof messageStates)[number];

/** One send intent in the ledger. */
export const Message = defineEntity({
  name: 'Message',
  tableName: 'message',
  indexes: [
    { properties: ['addressHash', 'plannedAt'] },
    {
      // What a report counts and adds up stands in the index itself.
      name: 'message_counted',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("campaign_id", "channel", "state") include ("segments", "cost_milli")`,
    },
    { properties: ['customer', 'plannedAt'] },
    {
      name: 'message_claimable',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("campaign_id", "channel", "not_before", "id") where state = 'planned'`,
    },
    {
      name: 'message_single_claimable',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("channel", "not_before", "id") where state = 'planned' and campaign_id is null`,
    },
    {
      name: 'message_deadline',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("send_before") where state = 'planned'`,
    },
    {
      name: 'message_unknown',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("id") where state = 'unknown'`,
    },
    {
      name: 'message_sent',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("campaign_id", "channel", "settled_at") where state in ('accepted', 'delivered', 'bounced', 'rejected')`,
    },
    {
      name: 'message_in_hand',
      expression: (columns, table, name) =>
        `create index ${name} on ${table.toString()} ("lease_until") where state in ('claimed', 'submitting')`,
    },
    {
      name: 'message_provider_id',
      expression: (columns, table, name) =>
        `create unique index ${name} on ${table.toString()} ("channel", "provider_id") where provider_id is not null`,
    },
  ],
  uniques: [
    { properties: ['enrolment', 'step', 'occurrence', 'channel'] },
    { properties: ['customer', 'reference', 'occurrence', 'channel'] },
  ],
  checks: [
    { name: 'message_asked_by_check', expression: 'num_nonnulls(step, reference) = 1 and (step is null or enrolment_id is not null)' },
  ],
  properties: {
    id: p.uuid().primary(),
    /** Whose journey it is part of, or whose customer a reply answers; null if there is none. */
    enrolment: p.manyToOne(Enrolment).mapToPk().nullable().deleteRule('cascade'),
    /** Null for what was asked for by a reference, and for a reply: no campaign pauses it, takes it back or counts it. */
    campaign: p.manyToOne(Campaign).mapToPk().nullable().deleteRule('no action'),
    customer: p.manyToOne(Customer).mapToPk(),
    /** Null once the customer was erased: whoever needs an address finds none. */
    contactPoint: p.manyToOne(ContactPoint).mapToPk().nullable().deleteRule('set null'),
    /** Of the address that it goes or went to: its contact point may have another one since. */
    addressHash: p.text().nullable(),
    offer: p.manyToOne(Offer).mapToPk().nullable(),
    /** The step of the journey that sends it; null outside of one. */
    step: p.text().nullable(),
    /** What asked for it outside of a journey: what the caller calls it, or of a reply the task (`desk:<id>`). Null within one. */
    reference: p.text().nullable(),
    /** Which try of the step or reference this is, from 1; of a reply, which one to its task. */
    occurrence: p.integer(),
    channel: p.text().$type<Channel>(),
    purpose: p.enum(purposes),
    /** Of a reply `reply`: its words stand in the table of that name. */
    template: p.text(),
    state: p.enum(messageStates),
    /** Grows with each claim; whoever settles must still hold it. */
    fence: p.bigint('number').default(0),
    leaseUntil: p.datetime().nullable(),
    attempts: p.integer().default(0),
    /** Not claimed before this (a retry backs off) ... */
    notBefore: p.datetime(),
    /** ... nor after this: the quiet hours begin, or the offer expires. */
    sendBefore: p.datetime(),
    providerId: p.text().nullable(),
    errorClass: p.text().nullable(),
    errorCode: p.text().nullable(),
    /** Of a text, into how many it was split. */
    segments: p.integer().nullable(),
    /** What the provider asks for it, in thousandths of a minor unit of the campaign's currency. */
    costMilli: p.integer().nullable(),
    /** Who settled one that was unknown: `report`, `lookup`, `answer`, or the api key of an operator. */
    settledBy: p.text().nullable(),
    plannedAt: p.datetime(),
    submittedAt: p.datetime().nullable(),
    settledAt: p.datetime().nullable(),
  },
});
export type Message = InferEntity<typeof Message>;
