import { z } from 'zod';
import { arms, enrolmentStates } from '../../../../libs/campaigns/enrolment.entity.js';
import { keptOutReasons } from '../../../../libs/campaigns/kept-out.js';
import { runningStates } from '../../../../libs/campaigns/running-campaigns.js';
import { channelKinds } from '../../../../libs/channels/table.js';
import { answers } from '../../../../libs/journeys/answers/table.js';
import { id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const historyQuery = z.strictObject(paging);
export type HistoryQuery = z.infer<typeof historyQuery>;

export const eventPage = pageSchema(
  z.object({ id, kind: z.string(), at: instantOut, source: z.string(), data: z.record(z.string(), z.unknown()) }),
);

export const responsePage = pageSchema(
  z.object({
    id,
    source: z.string(),
    channel: channelKinds.name,
    answer: answers.name,
    because: z.string().describe('the word or rule that decided it'),
    text: z.string().nullable(),
    receivedAt: instantOut,
    enrolmentId: id.nullable(),
    messageId: id.nullable().describe('the message that it answers'),
    task: z
      .object({
        id,
        kind: answers.name,
        dueAt: instantOut,
        closedAt: instantOut.nullable(),
        resolution: z.string().nullable().describe('what a person found it to mean'),
      })
      .nullable()
      .describe('that waits, or waited, for a person'),
  }),
);

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const keptOut = z.object({
  reason: z.enum(keptOutReasons),
  unmet: z
    .array(z.object({ rule: z.string(), has: z.array(z.object({ field: z.string(), value })) }))
    .describe('of not-in-audience: the parts of the rule that do not hold, and what the customer has'),
  bound: z
    .object({ score: z.string(), must: z.enum(['rise-above', 'fall-below']), bound: z.number(), value: z.number().nullable() })
    .nullable()
    .describe('of trigger and enrolled-before: the bound that a score has to pass, and the score; its value is null where there is none'),
});
export const standingPage = pageSchema(
  z.object({
    campaign: z.object({ id, key: z.string(), title: z.string(), state: z.enum(runningStates) }),
    inside: z
      .object({ id, arm: z.enum(arms), state: z.enum(enrolmentStates) })
      .nullable()
      .describe('the enrolment that is open'),
    keptOut: z.array(keptOut).describe('empty for one who is inside, or whom the next check enrols'),
    arm: z.enum(arms).describe('that they are in or would be in'),
    reachable: z.boolean().describe('a message of the campaign may reach them now'),
  }),
);

const at = '2026-03-02T12:00:00.000Z';
const example = {
  campaign: { id: '01995a3e-7c00-7000-8000-000000000001', key: 'save-at-risk', title: 'Save customers at risk', state: 'live' },
  inside: null,
  arm: 'treated',
  reachable: true,
};

export const historyExamples = {
  events: {
    items: [{ id: '01995a3e-7c00-7000-8000-00000000000a', kind: 'ticket.opened', at, source: 'desk', data: { topic: 'bill' } }],
    next: null,
  },
  responses: {
    items: [
      {
        id: '01995a3e-7c00-7000-8000-00000000000b',
        source: 'smtp',
        channel: 'email',
        answer: 'question',
        because: 'a question mark',
        text: 'Does it hold for a year?',
        receivedAt: at,
        enrolmentId: '01995a3e-7c00-7000-8000-000000000003',
        messageId: '01995a3e-7c00-7000-8000-000000000005',
        task: {
          id: '01995a3e-7c00-7000-8000-00000000000c',
          kind: 'question',
          dueAt: '2026-03-03T12:00:00.000Z',
          closedAt: null,
          resolution: null,
        },
      },
    ],
    next: null,
  },
  campaigns: {
    items: [
      {
        ...example,
        keptOut: [
          {
            reason: 'not-in-audience',
            unmet: [{ rule: 'customer.contract == "month-to-month"', has: [{ field: 'customer.contract', value: 'two-year' }] }],
            bound: null,
          },
          { reason: 'trigger', unmet: [], bound: { score: 'churn', must: 'rise-above', bound: 0.5, value: 0.42 } },
        ],
      },
    ],
    next: null,
  },
};
