import { defineEntity, p, type InferEntity } from '@mikro-orm/core';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { FeatureFinding } from '../training/findings.js';
import type { Proof } from '../model/quality/gate.js';
import type { Profile } from './drift.js';

/** What is kept of every model. */
export interface Measured {
  readonly trainedOn: number;
  readonly validatedOn: number;
  /** Compared with chance. Absent for models that were trained before this was measured, and where nothing can be compared. */
  readonly proof?: Proof;
  /** The finding about each feature. */
  readonly findings?: readonly FeatureFinding[];
  /** Why it must not be used, as sentences; empty if it may be used. */
  readonly refusedFor?: readonly string[];
}

/** How good likelihoods are on customers that the model was not trained on. */
export interface LikelihoodQuality {
  readonly auc: number;
  readonly logLoss: number;
  readonly brier: number;
  /** Expected calibration error, ten bins of equal count. */
  readonly ece: number;
}

export type LikelihoodMetrics = Measured & LikelihoodQuality;

/** What was predicted of customers, against what is observed of them. */
export interface AmountQuality {
  /** From -1 to 1: whether those of whom more was predicted also came to more. */
  readonly rankCorrelation: number;
  /** How far predictions are off on average, in `unit`. */
  readonly meanError: number;
  /** The same where everybody is taken for the average. */
  readonly naiveError: number;
  readonly unit: 'months' | 'minor units';
  /** How far all predictions together are off: of contracts, the share still there at an age; of purchases, predicted to observed less 1. */
  readonly calibrationError: number;
}

/** Of a model of who matters to whom, which predicts nothing that could be observed. */
export interface NetworkSize {
  readonly customers: number;
  /** Customers who have a tie to another. */
  readonly tied: number;
  readonly ties: number;
}

/** How good a model is: as a likelihood, an amount, or a network. */
export interface ScoreMetrics extends Measured, Partial<LikelihoodQuality> {
  readonly amount?: AmountQuality;
  readonly network?: NetworkSize;
}

/**
 * A `champion` scores, a `challenger` scores in shadow (one of each a kind); a `candidate` does not score; a `retired` one was the
 * champion once.
 */
export const modelStates = ['candidate', 'challenger', 'champion', 'retired'] as const;
export type ModelState = (typeof modelStates)[number];

/** A trained model in the register. One of each kind is the champion, which is used for scoring. */
export const ScoreModel = defineEntity({
  name: 'ScoreModel',
  tableName: 'score_model',
  uniques: [{ properties: ['kind', 'version'] }],
  indexes: (['champion', 'challenger'] as const).map((state) => ({
    name: `score_model_${state}`,
    expression: (columns, table, name) => `create unique index ${name} on ${table.toString()} ("kind") where state = '${state}'`,
  })),
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<ScoreName>(),
    version: p.integer(),
    state: p.enum(modelStates),
    metrics: p.json<ScoreMetrics>(),
    /** The predecessor's metrics on the same validation set; null for the first of its kind. */
    predecessorMetrics: p.json<ScoreMetrics>().nullable(),
    /** Everything that scoring needs: feature encodings, knots, weights, calibration. */
    parameters: p.json<Record<string, unknown>>(),
    /** What a score has to be computed again for at once, as domain events name it (see features/asked-by.ts). */
    asks: p.array().default([]),
    trainedAt: p.datetime(),
    /** What it was trained by. Null for models that were trained before this was kept, as all that follows. */
    declaration: p.json<Record<string, unknown>>().nullable(),
    /** When what it learnt from was observed. */
    dataFrom: p.datetime().nullable(),
    dataUntil: p.datetime().nullable(),
    promotedAt: p.datetime().nullable(),
    /** The champion that it replaced. */
    replaced: () => p.manyToOne(ScoreModel).mapToPk().nullable().deleteRule('set null'),
    /** How features and scores were spread over those it learnt from. */
    profile: p.json<Profile>().nullable(),
    /** For people: calibration curve, figures by segment, partial dependence. */
    figures: p.json<Record<string, unknown>>().nullable(),
  },
});
export type ScoreModel = InferEntity<typeof ScoreModel>;
