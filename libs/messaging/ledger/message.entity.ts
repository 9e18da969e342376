import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Campaign } from '../../campaigns/campaign.entity.js';
import { Enrolment } from '../../campaigns/enrolment.entity.js';
import type { Channel } from '../../channels/table.js';
import { ContactPoint } from '../../customers/contact-point.entity.js';
import { purposes } from '../../channels/purpose.js';
import { Customer } from '../../customers/customer.entity.js';
import { Offer } from '../../offers/offer.entity.js';

/**
 * planned -> claimed (fence) -> submitting (committed before any I/O) -> accepted -> delivered | bounced -> rejected -> unknown A planned
 * message may also be `withdrawn` (the customer opted out, the campaign was cancelled) or `late` (its time passed before a dispatcher
 * claimed it).
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
      // The columns that a report counts and adds up are in the index itself.
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
    /** The enrolment that it belongs to, or whose customer a reply answers; null if there is none. */
    enrolment: p.manyToOne(Enrolment).mapToPk().nullable().deleteRule('cascade'),
    /** Null for a message that was requested by a reference, and for a reply: no campaign pauses, withdraws or counts it. */
    campaign: p.manyToOne(Campaign).mapToPk().nullable().deleteRule('no action'),
    customer: p.manyToOne(Customer).mapToPk(),
    /** Null after the customer was erased, so that no address can be found. */
    contactPoint: p.manyToOne(ContactPoint).mapToPk().nullable().deleteRule('set null'),
    /** The hash of the address that it is or was sent to; its contact point may have another address now. */
    addressHash: p.text().nullable(),
    offer: p.manyToOne(Offer).mapToPk().nullable(),
    /** The step of the journey that sends it; null outside of one. */
    step: p.text().nullable(),
    /** The reference of a message outside of a journey: the caller's own, or the task of a reply (`desk:<id>`). Null within a journey. */
    reference: p.text().nullable(),
    /** The number of the attempt of the step or reference, from 1; for a reply, its number in the task. */
    occurrence: p.integer(),
    channel: p.text().$type<Channel>(),
    purpose: p.enum(purposes),
    /** `reply` for a reply: its text is in the table of that name. */
    template: p.text(),
    state: p.enum(messageStates),
    /** Grows with each claim; a settlement must have the current value. */
    fence: p.bigint('number').default(0),
    leaseUntil: p.datetime().nullable(),
    attempts: p.integer().default(0),
    /** Not claimed before this (a retry backs off) ... */
    notBefore: p.datetime(),
    /** ... and not after this: the quiet hours begin, or the offer expires. */
    sendBefore: p.datetime(),
    providerId: p.text().nullable(),
    errorClass: p.text().nullable(),
    errorCode: p.text().nullable(),
    /** The number of segments of a text. */
    segments: p.integer().nullable(),
    /** The provider's price, in thousandths of a minor unit of the campaign's currency. */
    costMilli: p.integer().nullable(),
    /** What settled an unknown message: `report`, `lookup`, `answer`, or the api key of an operator. */
    settledBy: p.text().nullable(),
    plannedAt: p.datetime(),
    submittedAt: p.datetime().nullable(),
    settledAt: p.datetime().nullable(),
  },
});
export type Message = InferEntity<typeof Message>;
