import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import { Enrolment } from '../campaigns/enrolment.entity.js';
import type { Channel } from '../channels/table.js';
import { Customer } from '../customers/customer.entity.js';
import type { Answer } from '../journeys/answers/table.js';
import type { MailThread } from '../channels/contract/mail-thread.js';
import { Message } from '../messaging/ledger/message.entity.js';

/** One incoming answer, stored once by its provider's id and then classified. */
export const Response = defineEntity({
  name: 'Response',
  tableName: 'response',
  uniques: [{ properties: ['source', 'sourceId'] }],
  indexes: [
    { properties: ['customer', 'receivedAt'] },
    { properties: ['enrolment'] },
    {
      name: 'response_complaint',
      expression: (columns, table, name) => `create index ${name} on ${table.toString()} ("message_id") where answer = 'complaint'`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** How it came in. */
    source: p.text(),
    sourceId: p.text(),
    channel: p.text().$type<Channel>(),
    /** Null if no customer is known for it. */
    customer: p.manyToOne(Customer).mapToPk().nullable().deleteRule('no action'),
    enrolment: p.manyToOne(Enrolment).mapToPk().nullable().deleteRule('cascade'),
    message: p.manyToOne(Message).mapToPk().nullable().deleteRule('cascade'),
    answer: p.text().$type<Answer>(),
    /** The word or rule that decided the classification. */
    because: p.text(),
    /**
     * A mailbox provider handed it on (RFC 5965) when the customer pressed its spam button: a complaint then ends consent, and counts
     * towards a campaign's complaint rate.
     */
    reported: p.boolean().default(false),
    /** What the customer wrote, without quoted text; null for a click. */
    text: p.text().nullable(),
    /** Of a mail, what a reply needs to stand in the same thread. */
    thread: p.json<MailThread>().nullable(),
    receivedAt: p.datetime(),
  },
});
export type Response = InferEntity<typeof Response>;
