import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ScoreName } from '../scores/kinds/table.js';
import type { FeatureFinding } from './training/findings.js';
import type { Proof } from './model/quality/gate.js';

/** How good a model is on customers it was not trained on. */
export interface ScoreMetrics {
  readonly auc: number;
  readonly logLoss: number;
  readonly brier: number;
  /** Expected calibration error, ten bins of equal count. */
  readonly ece: number;
  readonly trainedOn: number;
  readonly validatedOn: number;
  /** Compared with chance. Absent for models that were trained before this was measured. */
  readonly proof?: Proof;
  /** The finding about each feature. */
  readonly findings?: readonly FeatureFinding[];
  /** Why it must not be used, as sentences; empty if it may be used. */
  readonly refusedFor?: readonly string[];
}

/** A trained model in the register. One of each kind is the champion, which is used for scoring. */
export const ScoreModel = defineEntity({
  name: 'ScoreModel',
  tableName: 'score_model',
  uniques: [{ properties: ['kind', 'version'] }],
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<ScoreName>(),
    version: p.integer(),
    state: p.enum(['candidate', 'champion', 'retired'] as const),
    metrics: p.json<ScoreMetrics>(),
    /** The predecessor's metrics on the same validation set; null for the first of its kind. */
    predecessorMetrics: p.json<ScoreMetrics>().nullable(),
    /** Everything that scoring needs: feature encodings, knots, weights, calibration. */
    parameters: p.json<Record<string, unknown>>(),
    trainedAt: p.datetime(),
  },
});
export type ScoreModel = InferEntity<typeof ScoreModel>;
