import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import { Problem } from '../platform/problem.js';
import type { Progress } from '../platform/progress.js';
import { findChampion } from './champion.js';
import { countCustomerRows, customerRows, type CustomerRow } from './customer-rows.js';
import type { ScoreDeclaration } from './declaration.js';
import type { FeatureRow } from './model/features.js';
import { lookAtFeatures, suspiciousAuc, type FeatureFinding } from './model/findings.js';
import { proofOf, whyNotUsed, type Proof } from './model/gate.js';
import { auc, brier, ece, logLoss } from './model/metrics.js';
import { scoreRows, strongestFeatures, trainScoreFunction, type ScoreFunction } from './model/score-function.js';
import { scoreKinds, type ScoreName } from './kinds/table.js';
import type { ScoreMetrics, ScoreModel } from './score-model.entity.js';
import { publishedDeclaration } from './scores-content.js';

export interface TrainingReport {
  readonly modelId: string;
  readonly version: number;
  /** On the validation set. */
  readonly metrics: ScoreMetrics;
  /** The previous champion, on the same validation set; null for the first of its kind. */
  readonly predecessor: { readonly version: number; readonly metrics: ScoreMetrics } | null;
  /** Whether the new model is used from now on. */
  readonly promoted: boolean;
  /** What was found out about each declared feature. */
  readonly findings: readonly FeatureFinding[];
  /** Why it must not be used, as sentences; empty if it may be used. */
  readonly refusedFor: readonly string[];
}

const validationShare = 0.2;
/** With fewer examples of either outcome than this, a model would learn noise. */
const leastOfEither = 50;
/** A log-loss that is worse by less than this (nats per customer) counts as no worse. */
const noWorse = 0.001;

/**
 * Trains a score on the company's own history and registers it with its metrics. One in five customers is in the validation set, by a hash
 * of kind and external id: always the same ones, so every model, old or new, is measured on customers it did not learn from. The new model
 * becomes the champion only if it predicts better than chance there, no feature reveals the outcome, and its log-loss is no worse than its
 * predecessor's. A declared feature that cannot be used is left out and reported. One training of a kind runs at a time; another waits for
 * it.
 * @param seed divides the customers into the folds of the calibration
 * @param declaration what is predicted from which features; the published one if it is not given
 * @throws Problem('conflict') if there is too little history
 */
export async function trainScore(
  em: EntityManager,
  {
    kind,
    now,
    seed,
    declaration,
    onProgress,
  }: { kind: ScoreName; now: Date; seed: string | number; declaration?: ScoreDeclaration; onProgress?: Progress },
): Promise<TrainingReport> {
  const declared = declaration ?? (await publishedDeclaration(em, kind));
  return em.transactional(async (tx) => {
    await query(tx, `select pg_advisory_xact_lock(hashtextextended('score-model ' || $1, 0))`, [kind]);
    const { training, validation } = await readHistory(tx, declared, now, onProgress);
    const predecessor = await findChampion(tx, kind);
    const findings = lookAtFeatures(declared.features, training.rows, training.labels);
    const score = trainScoreFunction({ ...declared, features: usable(declared, findings) }, training, String(seed));
    const baseRate = training.labels.reduce((sum, label) => sum + label, 0) / training.labels.length;
    const proof = proofOf(likelihoodsOf(score, validation), validation.labels, baseRate);
    const refusedFor = [...whyNotUsed(proof), ...leaks(proof, findings, score, declared)];
    const metrics = { ...measure(score, validation, training.rows.length), proof, findings, refusedFor };
    const before = predecessor === undefined ? null : measure(predecessor.score, validation, predecessor.trainedOn);
    const promoted = refusedFor.length === 0 && (before === null || metrics.logLoss <= before.logLoss + noWorse);
    const { id, version } = await register(tx, { kind, score, metrics, before, promoted, now });
    return {
      modelId: id,
      version,
      metrics,
      predecessor: predecessor === undefined || before === null ? null : { version: predecessor.version, metrics: before },
      promoted,
      findings,
      refusedFor,
    };
  });
}

/** Whether a customer is in the validation set, so that models are only measured on them. The salt decides who is in it, so it never changes. */
export function isInValidationSet(kind: ScoreName, externalId: string): boolean {
  const hash = createHash('sha256').update(`hold-back:${kind}:${externalId}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < validationShare;
}

interface Examples {
  readonly rows: FeatureRow[];
  readonly labels: Uint8Array;
}

/**
 * The declared features that can be learnt from.
 * @throws Problem('conflict') if there is none
 */
function usable({ score, features }: ScoreDeclaration, findings: readonly FeatureFinding[]): ScoreDeclaration['features'] {
  const used = new Set(findings.filter(({ found }) => found === 'used' || found === 'suspicious').map(({ feature }) => feature));
  if (used.size > 0) return Object.fromEntries(Object.entries(features).filter(([name]) => used.has(name)));
  throw new Problem(
    'conflict',
    `None of the declared features of ${score} can be learnt from`,
    findings.map(({ feature, what }) => ({ where: feature, what })),
    `Declare what your customers have, in config/scores/${score}.yaml or a file of your own`,
  );
}

/** A model that is too good to be true has most likely seen the outcome. */
function leaks({ auc: { value } }: Proof, findings: readonly FeatureFinding[], score: ScoreFunction, declared: ScoreDeclaration): string[] {
  const advice = 'leave it out, or declare it with known_before: true where it is known before';
  const alone = findings.filter(({ found }) => found === 'suspicious').map(({ feature, what }) => `${feature} ${what} Then ${advice}`);
  if (alone.length > 0 || value < suspiciousAuc) return alone;
  const strongest = strongestFeatures(score, 3);
  if (declared.features[strongest[0] ?? '']?.known_before === true) return [];
  return [
    `it predicts nearly everybody (AUC ${value.toFixed(3)}), which is too good to be true; look at ${strongest.join(', ')}: ${advice}`,
  ];
}

const dayMs = 86_400_000;

/**
 * Whether the target happened to a customer; undefined if that is not known. Facts that the kind of score knows take precedence over the
 * file.
 */
function outcomeOf(
  { features, churned, since }: CustomerRow,
  { score, target, horizon_days: horizon }: ScoreDeclaration,
  now: Date,
): boolean | undefined {
  const kind = scoreKinds.get(score);
  const observed = { churned, seenThrough: now.getTime() - since.getTime() > horizon * dayMs };
  const stated = features[target];
  return kind.happened?.(observed) ?? (typeof stated === 'boolean' ? stated : kind.otherwise?.(observed));
}

/** The customers for whom it is known whether the target happened. */
async function readHistory(
  tx: EntityManager,
  declared: ScoreDeclaration,
  now: Date,
  onProgress?: Progress,
): Promise<{ training: Examples; validation: Examples }> {
  const { score: kind, target } = declared;
  const total = onProgress === undefined ? 0 : await countCustomerRows(tx, 'learnt-from');
  const known: { features: FeatureRow; validates: boolean; label: number }[] = [];
  let read = 0;
  for await (const page of customerRows(tx, 'learnt-from')) {
    for (const customer of page) {
      const happened = outcomeOf(customer, declared, now);
      if (happened === undefined) continue;
      known.push({ features: customer.features, validates: isInValidationSet(kind, customer.externalId), label: happened ? 1 : 0 });
    }
    read += page.length;
    onProgress?.(read, total);
  }
  const examples = (validates: boolean): Examples => {
    const chosen = known.filter((each) => each.validates === validates);
    return { rows: chosen.map((each) => each.features), labels: Uint8Array.from(chosen, (each) => each.label) };
  };
  const training = examples(false);
  const happened = training.labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(happened, training.labels.length - happened) < leastOfEither) {
    throw new Problem(
      'conflict',
      `There is too little history to train ${kind}`,
      [{ where: target, what: `is true for ${happened} and false for ${training.labels.length - happened} customers to learn from` }],
      `At least ${leastOfEither} of each are needed; import customers with the attribute ${target}`,
    );
  }
  return { training, validation: examples(true) };
}

const likelihoodsOf = (score: ScoreFunction, { rows }: Examples): number[] => scoreRows(score, rows, 0).map((each) => each.value);

function measure(score: ScoreFunction, examples: Examples, trainedOn: number): ScoreMetrics {
  const { rows, labels } = examples;
  const likelihoods = likelihoodsOf(score, examples);
  return {
    auc: auc(likelihoods, labels),
    logLoss: logLoss(likelihoods, labels),
    brier: brier(likelihoods, labels),
    ece: ece(likelihoods, labels),
    trainedOn,
    validatedOn: rows.length,
  };
}

async function register(
  tx: EntityManager,
  model: { kind: ScoreName; score: ScoreFunction; metrics: ScoreMetrics; before: ScoreMetrics | null; promoted: boolean; now: Date },
): Promise<{ id: string; version: number }> {
  const id = newId();
  if (model.promoted) {
    const champion = tables<typeof ScoreModel>(tx).updateTable('ScoreModel').where('kind', '=', model.kind).where('state', '=', 'champion');
    await champion.set({ state: 'retired' }).execute();
  }
  const row = await queryOne<{ version: number }>(
    tx,
    `insert into score_model (id, kind, version, state, metrics, predecessor_metrics, parameters, trained_at)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4::jsonb, $5::jsonb, $6::jsonb, $7 from score_model where kind = $2
     returning version`,
    [
      id,
      model.kind,
      model.promoted ? 'champion' : 'candidate',
      JSON.stringify(model.metrics),
      model.before === null ? null : JSON.stringify(model.before),
      JSON.stringify(model.score),
      model.now,
    ],
  );
  if (row === undefined) throw new Error('The model was not registered');
  return { id, version: row.version };
}
