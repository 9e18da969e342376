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
    /** Its source. */
    source: p.text(),
    sourceId: p.text(),
    channel: p.text().$type<Channel>(),
    /** Null if its customer is not known. */
    customer: p.manyToOne(Customer).mapToPk().nullable().deleteRule('no action'),
    enrolment: p.manyToOne(Enrolment).mapToPk().nullable().deleteRule('cascade'),
    message: p.manyToOne(Message).mapToPk().nullable().deleteRule('cascade'),
    answer: p.text().$type<Answer>(),
    /** The word or rule that decided the classification. */
    because: p.text(),
    /**
     * A mailbox provider reported it (RFC 5965) after the customer pressed its spam button: a complaint then ends consent, and counts
     * towards a campaign's complaint rate.
     */
    reported: p.boolean().default(false),
    /** The customer's text, without quotes; null for a click. */
    text: p.text().nullable(),
    /** For a mail, the data that a reply in the same thread needs. */
    thread: p.json<MailThread>().nullable(),
    receivedAt: p.datetime(),
  },
});
export type Response = InferEntity<typeof Response>;
