import { z } from 'zod';
import { channels } from '../../../../libs/customers/contact-point.entity.js';
import { meanings } from '../../../../libs/responses/desk.js';
import { answers } from '../../../../libs/responses/response.entity.js';
import { taskKinds } from '../../../../libs/responses/task.entity.js';
import { offerStates } from '../../../../libs/treatments/offer.entity.js';
import { id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const taskQuery = z.object({
  ...paging,
  state: z.enum(['open', 'closed']).default('open').describe('open ones by what is due first, closed ones by what was closed last'),
  kind: z.enum(taskKinds).optional(),
});
export type TaskQuery = z.infer<typeof taskQuery>;

export const closeBody = z.strictObject({ answer: z.enum(meanings).describe('what the answer meant; `none` asks for nothing') });
export type CloseBody = z.infer<typeof closeBody>;

const taskOut = z.object({
  id,
  kind: z.enum(taskKinds),
  createdAt: instantOut,
  dueAt: instantOut,
  closedAt: instantOut.nullable(),
  resolution: z.enum(meanings).nullable(),
  closedBy: z.string().nullable(),
  customer: z.object({ id, name: z.string().nullable() }),
  campaign: z.object({ key: z.string(), title: z.string() }).nullable(),
  enrolmentId: id.nullable(),
  underway: z.boolean().describe('the journey still runs and would be told'),
  response: z.object({
    channel: z.enum(channels),
    text: z.string().nullable().describe('what the customer wrote'),
    answer: z.enum(answers).describe('what it was taken for'),
    because: z.string().describe('the word or rule that decided'),
    receivedAt: instantOut,
  }),
  offer: z
    .object({
      id,
      title: z.string(),
      state: z.enum(offerStates),
      expiresAt: instantOut,
      cost: z.int().describe('minor units'),
      currency: z.string(),
    })
    .nullable()
    .describe('the offer at stake'),
});
export const taskPage = pageSchema(taskOut).extend({ open: z.int().describe('how many wait, of all kinds') });
export const closedOut = z.object({ id, resolution: z.enum(meanings), closedAt: instantOut, closedBy: z.string() });

const exampleId = '01995a3e-7c00-7000-8000-000000000009';
export const taskPageExample = {
  items: [
    {
      id: exampleId,
      kind: 'unclear',
      createdAt: '2026-03-02T12:00:00.000Z',
      dueAt: '2026-03-03T12:00:00.000Z',
      closedAt: null,
      resolution: null,
      closedBy: null,
      customer: { id: '01995a3e-7c00-7000-8000-000000000002', name: 'Ada Berg' },
      campaign: { key: 'save-at-risk', title: 'Save customers at risk' },
      enrolmentId: '01995a3e-7c00-7000-8000-000000000003',
      underway: true,
      response: {
        channel: 'sms',
        text: 'maybe, ask me on monday',
        answer: 'unclear',
        because: 'no rule',
        receivedAt: '2026-03-02T12:00:00.000Z',
      },
      offer: {
        id: '01995a3e-7c00-7000-8000-000000000006',
        title: '12 EUR off your next bill',
        state: 'open',
        expiresAt: '2026-03-16T12:00:00.000Z',
        cost: 1_200,
        currency: 'EUR',
      },
    },
  ],
  next: null,
  open: 1,
};
export const closedExample = {
  id: exampleId,
  resolution: 'accepted',
  closedAt: '2026-03-02T13:00:00.000Z',
  closedBy: 'api-key:01995a3e-7c00-7000-8000-000000000001',
};
