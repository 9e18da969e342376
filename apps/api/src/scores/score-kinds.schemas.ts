import { z } from 'zod';
import { scoreKinds } from '../../../../libs/scores/kinds/table.js';
import { driftStates } from '../../../../libs/scoring/registry/drift.js';
import { modelStates } from '../../../../libs/scoring/registry/score-model.entity.js';
import { id, instantOut, pageSchema } from '../http/list-query.js';
import { estimate, metrics, trainedMetrics } from './scores.schemas.js';

const kind = scoreKinds.name;
const titles = z.record(z.string(), z.string()).describe('what each feature is, in words');

export const versionNumber = z.coerce.number().int().min(1).max(2_000_000_000);

export const kindPage = pageSchema(
  z.object({
    kind,
    title: z.string().nullable().describe('as it is declared'),
    range: z.object({ least: z.number(), most: z.number() }).nullable().describe('of its values; null for an amount'),
    versions: z.int().describe('how many were trained'),
    champion: z
      .object({
        version: z.int(),
        trainedAt: instantOut,
        promotedAt: instantOut.nullable(),
        metrics: trainedMetrics,
        auc: estimate.nullable().describe('with its 95% interval'),
      })
      .nullable()
      .describe('the version that scores; null if there is none'),
    challenger: z.int().nullable().describe('the version that scores in shadow'),
    sweep: z
      .object({ at: instantOut, finishedAt: instantOut.nullable(), scored: z.int(), changed: z.int() })
      .nullable()
      .describe('the latest; finishedAt is null while it runs'),
    drift: z
      .object({
        at: instantOut,
        customers: z.int(),
        state: z.enum(driftStates).describe('by what moved most: moving from an index of 0.1, moved from 0.25'),
        moved: z
          .array(z.object({ feature: z.string(), title: z.string(), index: z.number() }))
          .describe('the population stability index of each feature, and of the score as `score`'),
      })
      .nullable()
      .describe('customers now against those that the champion learnt from; null until a sweep has looked at most of them'),
  }),
);

export const versionPage = pageSchema(
  z.object({
    kind,
    version: z.int(),
    state: z.enum(modelStates),
    metrics: trainedMetrics,
    trainedAt: instantOut,
    promotedAt: instantOut.nullable(),
    refusedFor: z.array(z.string()).describe('the gates that it missed, as sentences'),
    sweptAt: instantOut.nullable().describe('when everybody was last scored with it'),
  }),
);

const figures = z
  .object({
    chosen: z.string().optional(),
    because: z.string().optional(),
    intervals: z.record(z.string(), estimate).optional().describe('of 95%'),
    calibration: z.array(z.object({ predicted: z.number(), happened: z.number(), customers: z.int() })).optional(),
    drivers: z
      .array(z.object({ feature: z.string(), moves: z.number() }))
      .optional()
      .describe('how much each feature moves scores on average (log-odds), the strongest first'),
    dependence: z
      .array(
        z.object({
          feature: z.string(),
          points: z.array(z.object({ value: z.union([z.number(), z.string(), z.null()]), score: z.number(), share: z.number() })),
        }),
      )
      .optional()
      .describe('the mean score if all customers had this value'),
    profit: z
      .object({ profit: z.number(), share: z.number() })
      .optional()
      .describe('expected maximum profit a customer (EMPC), and the share that is best to target'),
    thresholds: z
      .array(z.object({ threshold: z.number(), customers: z.int(), happened: z.int() }))
      .optional()
      .describe('of the customers that it was measured on, those above, and to how many of them it happened'),
  })
  .describe('on customers that it did not learn from');

export const versionDetail = z.object({
  id,
  kind,
  version: z.int(),
  state: z.enum(modelStates),
  metrics: trainedMetrics,
  predecessorMetrics: metrics.nullable(),
  trainedAt: instantOut,
  promotedAt: instantOut.nullable(),
  replaced: z.int().nullable().describe('the version that it replaced'),
  dataFrom: instantOut.nullable(),
  dataUntil: instantOut.nullable().describe('when what it learnt from was observed'),
  refusedFor: z.array(z.string()),
  titles,
  figures: figures.nullable(),
});

export const crossingsOut = z.object({
  customers: z.int().describe('with a score now'),
  looked: z.int().describe('how many of them were scored with this version'),
  campaigns: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      risesAbove: z.number(),
      rise: z.int().describe('of those looked at: above the threshold with this version, and not now'),
      fall: z.int().describe('of those looked at: above the threshold now, and not with this version'),
    }),
  ),
});

export const promotedOut = z.object({ kind, version: z.int().describe('in use from now on'), replaced: z.int().nullable() });
export const sweepOut = z.object({ kind, workflowId: z.string() });

export const distributionOut = z.object({
  kind,
  customers: z.int(),
  bins: z.array(z.object({ from: z.number(), to: z.number(), customers: z.int() })),
  thresholds: z.array(
    z.object({
      campaign: z.object({ key: z.string(), title: z.string(), state: z.string() }),
      risesAbove: z.number(),
      fallsBelow: z.number(),
      customers: z.int().describe('above it now'),
      past: z
        .object({ customers: z.int(), happened: z.int() })
        .nullable()
        .describe('of those that the champion was measured on and who were above it; null if that was not measured'),
    }),
  ),
});

export const explanationQuery = z.strictObject({
  customer: z.string().min(1).max(200).describe('the id, or the number that the company has for the customer'),
});
export type ExplanationQuery = z.infer<typeof explanationQuery>;

export const explanationOut = z.object({
  customerId: id,
  kind,
  version: z.int(),
  scale: z.enum(['log-odds', 'amount']).describe('of base, contributions, remainder and total'),
  value: z.number().describe('as it is computed now'),
  stored: z.object({ value: z.number(), scoredAt: instantOut }).nullable().describe('as it was stored last'),
  base: z.number().describe('what is expected where nothing is known of a customer'),
  contributions: z.array(
    z.object({
      feature: z.string(),
      title: z.string(),
      value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
      contribution: z.number(),
    }),
  ),
  remainder: z.number().describe('what calibration adds'),
  total: z.number().describe('base, contributions and remainder together'),
});
