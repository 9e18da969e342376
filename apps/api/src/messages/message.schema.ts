import { z } from 'zod';
import { channelKinds } from '../../../../libs/channels/table.js';
import { messageStates } from '../../../../libs/messaging/ledger/message.entity.js';
import { verdicts } from '../../../../libs/messaging/ledger/reconcile-by-hand.js';
import { id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const messageQuery = z.strictObject({
  ...paging,
  campaign: id.optional(),
  customer: id.optional(),
  state: z.enum(messageStates).optional(),
  channel: channelKinds.name.optional(),
});
export type MessageQuery = z.infer<typeof messageQuery>;

/** A message in the history of an enrolment. */
export const messageOut = z.object({
  id,
  step: z.string().nullable().describe('the step of the journey that sends it; null outside of one'),
  reference: z.string().nullable().describe('the reference of a message outside of a journey: the caller’s own, or the task of a reply'),
  occurrence: z.int(),
  channel: channelKinds.name,
  template: z.string(),
  state: z.enum(messageStates),
  attempts: z.int(),
  errorClass: z.string().nullable(),
  errorCode: z.string().nullable(),
  plannedAt: instantOut,
  submittedAt: instantOut.nullable(),
  settledAt: instantOut.nullable(),
});
export const messagePage = pageSchema(
  messageOut.extend({
    enrolmentId: id.nullable(),
    campaignId: id.nullable().describe('null if no campaign sends it'),
    customerId: id,
    offerId: id.nullable(),
    providerId: z.string().nullable(),
    searchFor: z.string().nullable().describe('the Message-ID to search for in the mail server’s log; null for other channels'),
    settledBy: z.string().nullable().describe('what settled an unknown message: report, lookup, answer, or an operator'),
  }),
);

export const settleBody = z.strictObject({
  as: z
    .enum(verdicts)
    .describe('sent: it is recorded as accepted; not-sent: it is recorded as rejected, and its journey takes the next channel'),
});
export type SettleBody = z.infer<typeof settleBody>;
export const settledOut = z.object({ id, state: z.enum(messageStates), settledBy: z.string() });

export const messageExample = {
  id: '01995a3e-7c00-7000-8000-000000000005',
  step: 'offer',
  reference: null,
  occurrence: 1,
  channel: 'email',
  template: 'save-offer',
  state: 'delivered',
  attempts: 1,
  errorClass: null,
  errorCode: null,
  plannedAt: '2026-03-02T12:00:00.000Z',
  submittedAt: '2026-03-02T12:00:01.000Z',
  settledAt: '2026-03-02T12:00:02.000Z',
};
export const messagePageExample = {
  items: [
    {
      ...messageExample,
      enrolmentId: '01995a3e-7c00-7000-8000-000000000003',
      campaignId: '01995a3e-7c00-7000-8000-000000000001',
      customerId: '01995a3e-7c00-7000-8000-000000000002',
      offerId: '01995a3e-7c00-7000-8000-000000000006',
      providerId: '01995a3e-7c00-7000-8000-000000000005@replies.example.com',
      searchFor: '01995a3e-7c00-7000-8000-000000000005@replies.example.com',
      settledBy: null,
    },
  ],
  next: null,
};

export const settleExample = {
  body: { as: 'not-sent' },
  answer: { id: messageExample.id, state: 'rejected', settledBy: 'api-key:01995a3e-7c00-7000-8000-000000000009' },
};
