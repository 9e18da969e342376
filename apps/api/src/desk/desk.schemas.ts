import { z } from 'zod';
import { purposes } from '../../../../libs/channels/purpose.js';
import { channelKinds } from '../../../../libs/channels/table.js';
import { messageStates } from '../../../../libs/messaging/ledger/message.entity.js';
import { oneOf } from '../../../../libs/platform/kinds.js';
import { meanings } from '../../../../libs/responses/desk-choices.js';
import { answers } from '../../../../libs/journeys/answers/table.js';
import { taskKinds } from '../../../../libs/responses/task.entity.js';
import { offerStates } from '../../../../libs/offers/offer.entity.js';
import { id, instantOut, pageSchema, paging } from '../http/list-query.js';

const taskKind = oneOf(taskKinds);

export const taskQuery = z.strictObject({
  ...paging,
  state: z
    .enum(['open', 'closed'])
    .default('open')
    .describe('open tasks with the earliest due date first, closed tasks with the latest closed first'),
  kind: taskKind.optional(),
});
export type TaskQuery = z.infer<typeof taskQuery>;

export const closeBody = z.strictObject({ answer: oneOf(meanings).describe('what the answer meant; `none` requests nothing') });
export type CloseBody = z.infer<typeof closeBody>;

export const replyBody = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(20_000)
    .describe('sent unchanged, never rendered as a template; at most 10,000 characters by e-mail, 1,600 by text and WhatsApp'),
});
export type ReplyBody = z.infer<typeof replyBody>;

export const replyOut = z.object({
  taskId: id,
  messageId: id.describe('the message in the ledger'),
  channel: channelKinds.name,
  text: z.string(),
  notBefore: instantOut.describe('when it may be sent: at once, or, for a text, at the end of the quiet hours'),
  writtenAt: instantOut,
  writtenBy: z.string(),
});

/** What a person can do about a task, with the consequences. */
const choiceOut = z.object({
  answer: oneOf(meanings),
  unavailable: z.boolean().describe('it cannot be chosen, because the offer has ended in another way'),
  offer: z
    .object({
      becomes: z.enum(offerStates),
      by: z.enum(['choice', 'journey']).nullable().describe('null: it does not change'),
    })
    .nullable()
    .describe('the state of the offer afterwards'),
  journey: z
    .union([
      z.object({
        notified: z.literal(true),
        leads: z.union([
          z.object({ kind: z.literal('ends'), outcome: z.string() }),
          z.object({ kind: z.literal('goes-on'), step: z.string() }),
        ]),
      }),
      z.object({ notified: z.literal(false), because: z.enum(['already-notified', 'nothing-to-send']) }),
    ])
    .nullable()
    .describe('the signal for the journey, and where it leads; null if no journey runs'),
  ends: z.array(z.enum(purposes)).describe('the purposes for which nothing more is sent to the address'),
});

const taskOut = z.object({
  id,
  kind: taskKind,
  createdAt: instantOut,
  dueAt: instantOut,
  closedAt: instantOut.nullable(),
  resolution: oneOf(meanings).nullable(),
  closedBy: z.string().nullable(),
  customer: z.object({ id, name: z.string().nullable(), locale: z.string() }),
  campaign: z.object({ key: z.string(), title: z.string() }).nullable(),
  enrolmentId: id.nullable(),
  underway: z.boolean().describe('the journey still runs and would be notified'),
  response: z.object({
    channel: channelKinds.name,
    text: z.string().nullable().describe('what the customer wrote'),
    answer: answers.name.describe('how it was classified'),
    because: z.string().describe('the word or rule that decided'),
    receivedAt: instantOut,
    lastInboundAt: instantOut.describe('when they last wrote on this channel'),
  }),
  reach: z
    .object({
      timeZone: z.string().nullable(),
      preferredChannel: z.string().nullable(),
      contactPoints: z.array(
        z.object({ channel: channelKinds.name, address: z.string(), uses: z.array(z.enum(purposes)).describe('what may be sent there') }),
      ),
    })
    .describe('how the customer may be reached'),
  reply: z
    .union([
      z.object({
        possible: z.literal(true),
        address: z.string(),
        notBefore: instantOut.describe('when it would be sent'),
        waits: z.boolean().describe('it would not be sent now, but when the quiet hours end'),
        longest: z.int().describe('the most characters'),
      }),
      z.object({ possible: z.literal(false), reason: z.string() }),
    ])
    .nullable()
    .describe('whether a reply can be sent on this channel; null for a closed task'),
  replies: z
    .array(
      z.object({
        messageId: id,
        text: z.string(),
        writtenAt: instantOut,
        writtenBy: z.string(),
        state: z.enum(messageStates).describe('of its message in the ledger'),
        notBefore: instantOut,
        errorClass: z.string().nullable(),
      }),
    )
    .describe('the replies, oldest first'),
  choices: z.array(choiceOut).describe('what closing the task with each meaning would do now; none for a closed task'),
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
    .describe('the offer in question'),
});
export const taskPage = pageSchema(taskOut).extend({ open: z.int().describe('how many tasks of all kinds are open') });
export const closedOut = z.object({ id, resolution: oneOf(meanings), closedAt: instantOut, closedBy: z.string() });

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
      customer: { id: '01995a3e-7c00-7000-8000-000000000002', name: 'Ada Berg', locale: 'de-AT' },
      campaign: { key: 'save-at-risk', title: 'Save customers at risk' },
      enrolmentId: '01995a3e-7c00-7000-8000-000000000003',
      underway: true,
      response: {
        channel: 'sms',
        text: 'maybe, ask me on monday',
        answer: 'unclear',
        because: 'no rule',
        receivedAt: '2026-03-02T12:00:00.000Z',
        lastInboundAt: '2026-03-02T12:00:00.000Z',
      },
      reach: {
        timeZone: 'Europe/Vienna',
        preferredChannel: 'sms',
        contactPoints: [{ channel: 'sms', address: '+436601234567', uses: ['marketing', 'service'] }],
      },
      reply: { possible: true, address: '+436601234567', notBefore: '2026-03-02T12:30:00.000Z', waits: false, longest: 1_600 },
      replies: [],
      choices: [
        {
          answer: 'accepted',
          unavailable: false,
          offer: { becomes: 'accepted', by: 'choice' },
          journey: { notified: true, leads: { kind: 'ends', outcome: 'saved' } },
          ends: [],
        },
      ],
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
export const replyExample = {
  taskId: exampleId,
  messageId: '01995a3e-7c00-7000-8000-000000000010',
  channel: 'sms',
  text: 'Yes, it holds for all of your numbers. Anything else?',
  notBefore: '2026-03-02T12:30:00.000Z',
  writtenAt: '2026-03-02T12:30:00.000Z',
  writtenBy: 'api-key:01995a3e-7c00-7000-8000-000000000001',
};
export const closedExample = {
  id: exampleId,
  resolution: 'accepted',
  closedAt: '2026-03-02T13:00:00.000Z',
  closedBy: 'api-key:01995a3e-7c00-7000-8000-000000000001',
};
