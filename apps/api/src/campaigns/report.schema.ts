import { z } from 'zod';
import { campaignStates } from '../../../../libs/campaigns/campaign.entity.js';
import { id, instantOut } from '../http/list-query.js';

const count = z.int();
const reached = z.object({ n: count, reached: count, rate: z.number(), low: z.number(), high: z.number() });
const rate = z.object({ n: count, retained: count, rate: z.number(), low: z.number(), high: z.number() });
const reasonCounts = z.array(z.object({ reason: z.string(), count }));

export const reportQuery = z.strictObject({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_000_000_000)
    .optional()
    .describe('the version whose journey is drawn; by default the one that enrols'),
});
export type ReportQuery = z.infer<typeof reportQuery>;

/** A campaign's report as the API returns it: the counts of libs/measurement, and the clock. */
export const reportOut = z.object({
  campaign: z.object({
    id,
    key: z.string(),
    title: z.string(),
    state: z.enum(campaignStates),
    pauseReason: z.string().nullable().describe('why it paused automatically, as a sentence; null if it did not'),
    version: count,
    launchedAt: instantOut.nullable(),
    windowDays: z.number(),
    audience: z.string(),
    trigger: z.string(),
    holdout: z.number(),
    currency: z.string(),
  }),
  clock: z.object({ now: instantOut, speed: z.number().describe('campaign seconds per real second') }),
  entered: z.object({ total: count, treated: count, holdout: count, pending: count }),
  underway: z.object({
    total: count,
    paused: count,
    deferred: count.describe('journeys whose message waits for its time'),
    byStep: z.record(z.string(), count),
  }),
  outcomes: z.record(z.string(), count),
  budget: z.object({ cap: count, reserved: count, spent: count }).describe('minor units'),
  offers: z.object({
    issued: count,
    open: count,
    accepted: count,
    declined: count,
    expired: count,
    withdrawn: count,
    byTreatment: z.array(z.object({ treatment: z.string(), title: z.string(), issued: count, accepted: count })),
  }),
  messages: z.array(
    z.object({
      channel: z.string(),
      planned: count,
      accepted: count,
      delivered: count,
      bounced: count,
      rejected: count,
      unknown: count,
      withdrawn: count,
      late: count,
      segments: count.describe('their number of segments'),
      cost: z.int().describe('the provider’s price for them, in minor units'),
    }),
  ),
  decisions: z.object({ send: count, treat: count, none: count, deferred: reasonCounts, blocked: reasonCounts }),
  responses: z.record(z.string(), count),
  lift: z
    .object({
      basis: z.enum(['measured', 'so-far']),
      goal: z
        .object({ rule: z.string(), treated: reached, holdout: reached, difference: z.number(), low: z.number(), high: z.number() })
        .nullable()
        .describe('reaching the goal of the campaign; null if it has none'),
      treated: rate,
      holdout: rate,
      difference: z.number(),
      low: z.number(),
      high: z.number(),
      revenue: z
        .object({
          treatedCharged: z.int(),
          holdoutCharged: z.int(),
          treatedMean: z.number(),
          holdoutMean: z.number(),
          difference: z.number(),
          low: z.number(),
          high: z.number(),
          keptTotal: z.number(),
          keptLow: z.number(),
          keptHigh: z.number(),
        })
        .nullable()
        .describe('minor units per month, compared with each customer’s charge at entry'),
      sampleRatio: z.object({ expected: z.number(), actual: z.number(), p: z.number() }),
    })
    .nullable(),
  madeUp: z.boolean().describe('answers come from a made-up population'),
  madeUpPeople: z.boolean().describe('names, addresses or consents of some customers were made up'),
  versions: z
    .array(z.object({ version: count, enrolled: count, underway: count }))
    .describe('the versions with present or past customers, and the shown one; newest first'),
  graph: z.object({
    version: count.describe('the version of this journey, with only its customers'),
    entered: z.object({ total: count, treated: count, holdout: count }),
    outcomes: z.record(z.string(), count),
    first: z.string(),
    steps: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        title: z.string(),
        detail: z.string(),
        listens: z.boolean().describe('the journey waits for an answer here'),
        ends: z.string().nullable().describe('the outcome with which the step ends the journey'),
        ending: z
          .object({ label: z.string(), outcome: z.string(), usual: z.boolean() })
          .nullable()
          .describe('how a journey ends here if the definition has no way of this label'),
        visits: count,
        waiting: count,
        ways: z.array(z.object({ label: z.string(), to: z.string(), count })),
      }),
    ),
  }),
});

const arm = { n: 1084, retained: 930, rate: 0.858, low: 0.836, high: 0.878 };

export const reportExample = {
  campaign: {
    id: '01995a3e-7c00-7000-8000-000000000001',
    key: 'save-at-risk',
    title: 'Save at risk',
    state: 'live',
    pauseReason: null,
    version: 1,
    launchedAt: '2026-03-02T12:00:00.000Z',
    windowDays: 30,
    audience: 'customer.tenure >= 3',
    trigger: 'churn rises above 0.60',
    holdout: 0.1,
    currency: 'EUR',
  },
  clock: { now: '2026-03-09T12:00:00.000Z', speed: 1 },
  entered: { total: 1204, treated: 1084, holdout: 120, pending: 0 },
  underway: { total: 310, paused: 0, deferred: 12, byStep: { await: 310 } },
  outcomes: { saved: 402, declined: 188, lapsed: 184 },
  budget: { cap: 2_000_000, reserved: 910_000, spent: 640_000 },
  offers: {
    issued: 980,
    open: 310,
    accepted: 402,
    declined: 188,
    expired: 76,
    withdrawn: 4,
    byTreatment: [{ treatment: 'bill-credit-10', title: '10 EUR off your next bill', issued: 980, accepted: 402 }],
  },
  messages: [
    {
      channel: 'email',
      planned: 0,
      accepted: 12,
      delivered: 640,
      bounced: 9,
      rejected: 1,
      unknown: 0,
      withdrawn: 4,
      late: 0,
      segments: 0,
      cost: 0,
    },
  ],
  decisions: {
    send: 980,
    treat: 980,
    none: 104,
    deferred: [{ reason: 'quiet-hours', count: 212 }],
    blocked: [{ reason: 'no-consent', count: 31 }],
  },
  responses: { accepted: 402, declined: 188 },
  lift: {
    basis: 'so-far',
    goal: null,
    treated: arm,
    holdout: { n: 120, retained: 91, rate: 0.758, low: 0.674, high: 0.826 },
    difference: 0.1,
    low: 0.02,
    high: 0.18,
    revenue: {
      treatedCharged: 1084,
      holdoutCharged: 120,
      treatedMean: -400,
      holdoutMean: -900,
      difference: 500,
      low: 120,
      high: 880,
      keptTotal: 542_000,
      keptLow: 130_080,
      keptHigh: 953_920,
    },
    sampleRatio: { expected: 0.1, actual: 0.0997, p: 0.97 },
  },
  madeUp: false,
  madeUpPeople: false,
  versions: [{ version: 1, enrolled: 1204, underway: 310 }],
  graph: {
    version: 1,
    entered: { total: 1204, treated: 1084, holdout: 120 },
    outcomes: { saved: 402 },
    first: 'choose',
    steps: [
      {
        id: 'choose',
        kind: 'choose',
        title: 'Choose',
        detail: 'bill-credit-10',
        listens: false,
        ends: null,
        ending: { label: 'nothing', outcome: 'nothing-pays', usual: true },
        visits: 1084,
        waiting: 0,
        ways: [{ label: 'chosen', to: 'offer', count: 980 }],
      },
    ],
  },
};
