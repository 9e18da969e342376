import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { purposes } from '../../channels/purpose.js';
import { Customer } from '../../customers/customer.entity.js';
import { Offer } from '../../offers/offer.entity.js';
import { Message } from '../ledger/message.entity.js';

/**
 * `waiting`: the contact policy is asked at `dueAt`. `planned`: its message is in the ledger; should that fail for good, the
 * request waits again. `blocked`: nothing is sent, and it is not asked again.
 */
export const messageRequestStates = ['waiting', 'planned', 'blocked'] as const;
export type MessageRequestState = (typeof messageRequestStates)[number];

/** A message that was asked for outside of a journey. It does what a journey's step does: asks again, and takes the next channel. */
export const MessageRequest = defineEntity({
  name: 'MessageRequest',
  tableName: 'message_request',
  indexes: [
    {
      name: 'message_request_due',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("due_at", "id") where state = 'waiting'`,
    },
    { properties: ['message'] },
  ],
  uniques: [{ properties: ['customer', 'reference'] }],
  properties: {
    id: p.uuid().primary(),
    customer: p.manyToOne(Customer).mapToPk().deleteRule('cascade'),
    /** What the caller calls it: the same again asks for nothing more. */
    reference: p.text(),
    template: p.text(),
    purpose: p.enum(purposes),
    /** `preferred`, or one channel. */
    channel: p.text(),
    offer: p.manyToOne(Offer).mapToPk().nullable().deleteRule('no action'),
    state: p.enum(messageRequestStates),
    /** Which try is the next one, or was the last, from 1. */
    occurrence: p.integer(),
    /** When it is asked again; null unless it waits. */
    dueAt: p.datetime().nullable(),
    /** From then on it is of no use any more. */
    endsAt: p.datetime(),
    /** Channels on which it failed for good. */
    failed: p.array(),
    /** The message that was planned last. */
    message: p.manyToOne(Message).mapToPk().nullable().deleteRule('no action'),
    /** Why it was deferred or blocked last; null if it was planned. */
    reason: p.text().nullable(),
    requestedAt: p.datetime(),
    /** Who asked, as in `api-key:<id>`. */
    requestedBy: p.text(),
  },
});
export type MessageRequest = InferEntity<typeof MessageRequest>;
