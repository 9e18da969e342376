import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { purposes } from '../../channels/purpose.js';
import { Publication } from '../../content/publication.entity.js';
import { Customer } from '../../customers/customer.entity.js';
import { Offer } from '../../offers/offer.entity.js';
import { Message } from '../ledger/message.entity.js';

/**
 * `waiting`: the contact policy is asked at `dueAt`. `planned`: its message is in the ledger; if that fails permanently, the request waits
 * again. `blocked`: nothing is sent, and the policy is not asked again.
 */
export const messageRequestStates = ['waiting', 'planned', 'blocked'] as const;
export type MessageRequestState = (typeof messageRequestStates)[number];

/** A message that was requested outside of a journey. It does the same as a journey's step: asks again, and uses the next channel. */
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
    /** The caller's reference: the same reference again requests nothing more. */
    reference: p.text(),
    template: p.text(),
    /** The publication whose texts it is written from: the newest that had its template when it was requested; null if nothing was published. */
    publication: p.manyToOne(Publication).mapToPk().fieldName('publication').nullable().deleteRule('no action'),
    purpose: p.enum(purposes),
    /** `preferred`, or one channel. */
    channel: p.text(),
    offer: p.manyToOne(Offer).mapToPk().nullable().deleteRule('no action'),
    state: p.enum(messageRequestStates),
    /** The number of the next attempt, or of the last one, from 1. */
    occurrence: p.integer(),
    /** When the policy is asked again; null unless it waits. */
    dueAt: p.datetime().nullable(),
    /** When it becomes useless. */
    endsAt: p.datetime(),
    /** Channels on which it failed permanently. */
    failed: p.array(),
    /** The message that was planned last. */
    message: p.manyToOne(Message).mapToPk().nullable().deleteRule('no action'),
    /** Why it was deferred or blocked last; null if it was planned. */
    reason: p.text().nullable(),
    requestedAt: p.datetime(),
    /** Who requested it, as in `api-key:<id>`. */
    requestedBy: p.text(),
  },
});
export type MessageRequest = InferEntity<typeof MessageRequest>;
