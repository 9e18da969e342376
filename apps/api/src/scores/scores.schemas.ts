import { z } from 'zod';
import { scoreKinds } from '../../../../libs/scores/kinds/table.js';
import { modelStates } from '../../../../libs/scoring/registry/score-model.entity.js';
import { externalId, id, instantOut, pageSchema, paging } from '../http/list-query.js';

export const scoreQuery = z.strictObject({
  ...paging,
  kind: scoreKinds.name.default('churn'),
  customer: id.optional(),
  atLeast: z.coerce.number().optional().describe('only scores of at least this'),
});
export type ScoreQuery = z.infer<typeof scoreQuery>;
export const modelQuery = z.strictObject(paging);
export type ModelQuery = z.infer<typeof modelQuery>;

const reason = z.object({
  feature: z.string().max(100),
  value: z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
  contribution: z.number().describe('on the log-odds scale'),
});

const scoreInput = z
  .object({
    customerId: id.optional(),
    externalId: externalId.optional(),
    kind: scoreKinds.name,
    value: z.number().describe('0 to 1 for a probability; minor units for clv'),
    reasons: z.array(reason).max(20).default([]),
  })
  .refine((given) => (given.customerId === undefined) !== (given.externalId === undefined), 'must have either customerId or externalId')
  .refine((given) => given.kind === 'clv' || (given.value >= 0 && given.value <= 1), 'must have a value from 0 to 1');
export const scoresBody = z.array(scoreInput).min(1).max(1000);
export type ScoresBody = z.infer<typeof scoresBody>;
export const scoresAnswer = z.object({
  stored: z.int(),
  unknown: z.array(z.int()).describe('positions in the batch of events with an unknown customer'),
});

export const scorePage = pageSchema(
  z.object({
    customerId: id,
    externalId: z.string(),
    kind: scoreKinds.name,
    value: z.number().describe('a likelihood; of clv minor units of the customer’s currency; of influence, 1 is the average of all'),
    previous: z.number().nullable(),
    modelId: id.nullable().describe('null if another system computed it'),
    reasons: z.array(reason),
    scoredAt: instantOut,
  }),
);

export const metrics = z.object({
  auc: z.number().optional().describe('this and the next three: of likelihoods'),
  logLoss: z.number().optional(),
  brier: z.number().optional(),
  ece: z.number().optional().describe('expected calibration error'),
  amount: z
    .object({
      rankCorrelation: z.number().describe('of what was predicted with what was observed'),
      meanError: z.number(),
      naiveError: z.number().describe('the mean error where everybody is taken for the average'),
      unit: z.enum(['months', 'minor units']).describe('of the errors'),
      calibrationError: z.number().describe('of all predictions together, as a share'),
    })
    .optional()
    .describe('of amounts'),
  network: z
    .object({ customers: z.int(), tied: z.int().describe('customers with a tie'), ties: z.int() })
    .optional()
    .describe('of influence, which predicts nothing that could be observed'),
  trainedOn: z.int(),
  validatedOn: z.int(),
});
export const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
export const trainedMetrics = metrics.extend({
  proof: z
    .object({ auc: estimate, gain: estimate.describe('how much lower the log-loss is than that of the base rate; nats per customer') })
    .optional()
    .describe('compared with chance, with intervals of 99%'),
  findings: z
    .array(
      z.object({
        feature: z.string(),
        found: z.enum(['used', 'missing', 'other-type', 'constant', 'identifier', 'date', 'no-history', 'suspicious']),
        known: z.int(),
        what: z.string(),
      }),
    )
    .optional()
    .describe('the finding about each declared feature'),
  refusedFor: z.array(z.string()).optional().describe('why it must not be used; empty if it may be used'),
});
export const modelPage = pageSchema(
  z.object({
    id,
    kind: scoreKinds.name,
    version: z.int(),
    state: z.enum(modelStates),
    metrics: trainedMetrics,
    predecessorMetrics: metrics.nullable(),
    trainedAt: instantOut,
  }),
);

export const scoreExamples = {
  page: {
    items: [
      {
        customerId: '01995a3e-7c00-7000-8000-000000000001',
        externalId: '7590-VHVEG',
        kind: 'churn',
        value: 0.71,
        previous: 0.52,
        modelId: '01995a3e-7c00-7000-8000-000000000002',
        reasons: [{ feature: 'contract', value: 'month-to-month', contribution: 0.9 }],
        scoredAt: '2026-03-02T12:00:00.000Z',
      },
    ],
    next: null,
  },
  body: [{ externalId: '7590-VHVEG', kind: 'churn', value: 0.71, reasons: [] }],
  answer: { stored: 1, unknown: [] },
  models: {
    items: [
      {
        id: '01995a3e-7c00-7000-8000-000000000002',
        kind: 'churn',
        version: 1,
        state: 'champion',
        metrics: { auc: 0.84, logLoss: 0.42, brier: 0.14, ece: 0.02, trainedOn: 5634, validatedOn: 1409 },
        predecessorMetrics: null,
        trainedAt: '2026-03-02T12:00:00.000Z',
      },
    ],
    next: null,
  },
};
