import { z } from 'zod';
import { arms, enrolmentStates } from '../../../../libs/campaigns/enrolment.entity.js';
import { outcomes } from '../../../../libs/journeys/outcome.js';
import { channelKinds } from '../../../../libs/channels/table.js';
import { answers } from '../../../../libs/journeys/answers/table.js';
import { offerStates } from '../../../../libs/offers/offer.entity.js';
import { decisionExample, decisionOut } from '../decisions/decision.schema.js';
import { id, instantOut } from '../http/list-query.js';
import { messageExample, messageOut } from '../messages/message.schema.js';

export const enrolmentStory = z.object({
  id,
  campaign: z.object({ id, key: z.string(), title: z.string() }),
  version: z.int(),
  customer: z.object({
    id,
    name: z.string().nullable(),
    externalId: z.string(),
    timeZone: z.string().nullable(),
    locale: z.string(),
  }),
  arm: z.enum(arms),
  state: z.enum(enrolmentStates),
  outcome: z.enum(outcomes).nullable(),
  triggerScore: z.number().nullable(),
  createdAt: instantOut,
  enteredAt: instantOut.nullable(),
  closedAt: instantOut.nullable(),
  step: z.string().nullable(),
  waitingUntil: instantOut.nullable(),
  measureAt: instantOut.nullable(),
  measuredAt: instantOut.nullable(),
  retained: z.boolean().nullable(),
  keptRevenue: z.int().nullable().describe('minor units per month, compared with the charge at entry'),
  visits: z.array(z.object({ ordinal: z.int(), step: z.string(), enteredAt: instantOut, label: z.string().nullable() })),
  decisions: z.array(decisionOut),
  offers: z.array(
    z.object({
      id,
      step: z.string(),
      treatment: z.string(),
      title: z.string(),
      cost: z.int().describe('minor units'),
      currency: z.string(),
      voucherCode: z.string(),
      state: z.enum(offerStates),
      issuedAt: instantOut,
      expiresAt: instantOut,
      settledAt: instantOut.nullable(),
    }),
  ),
  messages: z.array(messageOut),
  responses: z.array(
    z.object({
      id,
      source: z.string(),
      channel: channelKinds.name,
      answer: answers.name,
      because: z.string().describe('the word or rule that decided it'),
      text: z.string().nullable(),
      receivedAt: instantOut,
    }),
  ),
});

const at = '2026-03-02T12:00:00.000Z';
export const enrolmentStoryExample = {
  id: '01995a3e-7c00-7000-8000-000000000003',
  campaign: { id: '01995a3e-7c00-7000-8000-000000000001', key: 'save-at-risk', title: 'Save at risk' },
  version: 1,
  customer: {
    id: '01995a3e-7c00-7000-8000-000000000002',
    name: 'Ada Berg',
    externalId: '7590-VHVEG',
    timeZone: 'Europe/Berlin',
    locale: 'en',
  },
  arm: 'treated',
  state: 'entered',
  outcome: null,
  triggerScore: 0.71,
  createdAt: at,
  enteredAt: at,
  closedAt: null,
  step: 'await',
  waitingUntil: '2026-03-06T12:00:00.000Z',
  measureAt: '2026-04-01T12:00:00.000Z',
  measuredAt: null,
  retained: null,
  keptRevenue: null,
  visits: [{ ordinal: 1, step: 'choose', enteredAt: at, label: 'chosen' }],
  decisions: [decisionExample],
  offers: [],
  messages: [messageExample],
  responses: [],
};
