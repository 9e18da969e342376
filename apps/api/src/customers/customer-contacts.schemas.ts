import { z } from 'zod';
import { oneOf } from '../../../../libs/platform/kinds.js';
import { channelKinds, channels, type Channel } from '../../../../libs/channels/table.js';
import { purposes } from '../../../../libs/channels/purpose.js';
import { messageStates } from '../../../../libs/messaging/ledger/message.entity.js';
import { messageRequestStates } from '../../../../libs/messaging/planning/message-request.entity.js';
import { ownReference } from '../../../../libs/messaging/planning/message-requests.js';
import { offerStates } from '../../../../libs/offers/offer.entity.js';
import { id, instant, instantOut } from '../http/list-query.js';

const key = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9-]*$/, 'is small letters, digits and hyphens');

/** The caller's reference of one message or offer of one customer. */
const reference = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces')
  .refine((text) => !text.startsWith(ownReference), `begins with ${ownReference}, which is for replies of the desk`)
  .describe(
    'your own reference: the same one for the same customer again returns the first answer and does nothing more; no personal data',
  );

export const messageBody = z.strictObject({
  reference,
  template: key,
  purpose: z.enum(purposes).describe('marketing: an offer, which needs consent; service: about the contract'),
  channel: oneOf<Channel | 'preferred'>(() => ['preferred', ...channels])
    .default('preferred')
    .describe('preferred: the customer’s own, then the others'),
  offer: id.optional().describe('the open offer that it shows'),
  endsAt: instant.optional().describe('when the message becomes useless; a week from now if it is missing'),
});
export type MessageBody = z.infer<typeof messageBody>;

export const requestOut = z.object({
  id,
  reference: z.string(),
  state: z
    .enum(messageRequestStates)
    .describe('waiting: the contact policy is asked again at dueAt; planned: its message is in the ledger; blocked: nothing is sent'),
  dueAt: instantOut.nullable(),
  reason: z.string().nullable().describe('why it is deferred or blocked; GET /v1/decisions?customer= has every channel’s'),
  message: z.object({ id, channel: channelKinds.name, state: z.enum(messageStates) }).nullable(),
});

export const offerBody = z
  .strictObject({
    reference,
    from: z.array(key).min(1).max(50).optional().describe('treatments: the best one that pays off is issued, or none'),
    treatment: key.optional().describe('this one is issued, even if it does not pay off, if the customer is eligible'),
    budgetOf: key.optional().describe('the campaign that pays the cost from its budget; none by default'),
  })
  .refine(({ from, treatment }) => (from === undefined) !== (treatment === undefined), {
    path: ['from'],
    message: 'name either treatments to choose from, or one treatment',
  });
export type OfferBody = z.infer<typeof offerBody>;

/** An offer as it is shown with its customer. */
export const offerOut = z.object({
  id,
  treatment: z.string(),
  title: z.string(),
  cost: z.int().describe('the cost of acceptance for the company in minor units'),
  currency: z.string(),
  voucherCode: z.string(),
  state: z.enum(offerStates),
  expiresAt: instantOut,
});
export const offerAnswer = z.object({
  decisionId: id,
  reference: z.string(),
  reasons: z.array(z.string()).describe('the main one first: best-value, given, budget, not-eligible, nothing-pays, no-score, no-charge'),
  offer: offerOut.nullable().describe('null if there is none'),
});

const offerExample = {
  id: '01995a3e-7c00-7000-8000-000000000006',
  treatment: 'bill-credit-10',
  title: '10 EUR off your next bill',
  cost: 1000,
  currency: 'EUR',
  voucherCode: '7KQM-2ZWD-PX9A',
  state: 'open',
  expiresAt: '2026-03-16T12:00:00.000Z',
};

export const contactExamples = {
  messageBody: { reference: 'call-4711', template: 'save-offer', purpose: 'marketing', offer: offerExample.id },
  request: {
    id: '01995a3e-7c00-7000-8000-000000000007',
    reference: 'call-4711',
    state: 'planned',
    dueAt: null,
    reason: null,
    message: { id: '01995a3e-7c00-7000-8000-000000000005', channel: 'email', state: 'planned' },
  },
  offerBody: { reference: 'call-4711', from: ['bill-credit-10', 'free-upgrade'] },
  offer: { decisionId: '01995a3e-7c00-7000-8000-000000000004', reference: 'call-4711', reasons: ['best-value'], offer: offerExample },
};
