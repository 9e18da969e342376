import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import { newId } from '../platform/ids.js';
import { conflict, Problem } from '../platform/problem.js';
import type { Progress } from '../platform/progress.js';
import { scoreKinds, type ScoreName } from '../scores/kinds/table.js';
import { findChampion, type Reads } from './champion.js';
import type { ScoreDeclaration } from './declaration.js';
import type { Features } from './features/feature.js';
import { toFeatureRows } from './features/feature-rows.js';
import { leastOfEither } from './model/data/outcome.js';
import type { FeatureRow } from './model/features.js';
import { proofOf, whyNotUsed, type Proof } from './model/quality/gate.js';
import { auc, brier, ece, logLoss } from './model/quality/metrics.js';
import { scoreRows, strongestFeatures, trainScoreFunction, type ScoreFunction } from './model/score-function.js';
import type { ScoreMetrics, ScoreModel } from './score-model.entity.js';
import { publishedDeclaration } from './scores-content.js';
import { lookAtFeatures, suspiciousAuc, type FeatureFinding } from './training/findings.js';
import type { LabelledRows } from './training/labelled-rows.js';
import { storedAttributes } from './training/stored-attributes.js';
import { readTrainingSet, whyLeftOut, type ReadingOfHistory } from './training/training-set.js';

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

/** A log-loss that is worse by less than this (nats per customer) counts as no worse. */
const noWorse = 0.001;

/**
 * Trains a score on the company's own history and registers it with its metrics. One in five customers is in the validation set, by a hash
 * of kind and external id: always the same ones, so every model, old or new, is measured on customers it did not learn from. The new model
 * becomes the champion only if it predicts better than chance there, no feature reveals the outcome, and its log-loss is no worse than its
 * predecessor's. A declared feature that cannot be used is left out and reported. One training of a kind runs at a time; another waits for
 * it. @param seed divides the customers into the folds of the calibration @param declaration what is predicted from which features; the
 * published one if it is not given
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
    const predecessor = await findChampion(tx, kind);
    const { training, validation, predecessorValidation, findings } = await readHistory(tx, {
      declared,
      predecessor: predecessor?.reads.features ?? {},
      now,
      onProgress,
    });
    const features = usable(declared, findings);
    const score = trainScoreFunction({ ...declared, features }, training, String(seed));
    const baseRate = training.labels.reduce((sum, label) => sum + label, 0) / training.labels.length;
    const proof = proofOf(likelihoodsOf(score, validation), validation.labels, baseRate);
    const measured = measure(score, validation, training.rows.length);
    const refusedFor = [...whyNotUsed(proof), ...leaks(proof, findings, score, declared), ...missedGates(measured, declared.gates)];
    const metrics = { ...measured, proof, findings, refusedFor };
    const before = predecessor === undefined ? null : measure(predecessor.score, predecessorValidation, predecessor.trainedOn);
    const promoted = refusedFor.length === 0 && (before === null || metrics.logLoss <= before.logLoss + noWorse);
    const { id, version } = await register(tx, { declared: { ...declared, features }, score, metrics, before, promoted, now });
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

interface Examples {
  readonly rows: FeatureRow[];
  readonly labels: Uint8Array;
}

/** Which of the declared gates a model does not reach, as sentences. */
function missedGates({ auc: area, logLoss: loss, brier: squared, ece: error }: ScoreMetrics, gates: ScoreDeclaration['gates']): string[] {
  const below = (what: string, value: number, least: number | undefined): string[] =>
    least === undefined || value >= least ? [] : [`its ${what} is ${value.toFixed(4)}, and the declaration asks for at least ${least}`];
  const above = (what: string, value: number, most: number | undefined): string[] =>
    most === undefined || value <= most ? [] : [`its ${what} is ${value.toFixed(4)}, and the declaration asks for at most ${most}`];
  return [
    ...below('AUC', area, gates.auc),
    ...above('log-loss', loss, gates.log_loss),
    ...above('squared error', squared, gates.brier),
    ...above('calibration error', error, gates.calibration_error),
  ];
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

/** What a score is learnt from. @throws Problem('conflict') where that is too little */
async function readHistory(
  tx: EntityManager,
  reading: ReadingOfHistory,
): Promise<{ training: Examples; validation: Examples; predecessorValidation: Examples; findings: readonly FeatureFinding[] }> {
  const { score: kind, target } = reading.declared;
  if (scoreKinds.get(kind).range === undefined)
    throw conflict(`${kind} is an amount, and training learns likelihoods`, 'Post scores of your own: POST /v1/scores.');
  const read = await readTrainingSet(tx, reading);
  const { labels } = read.training;
  const happened = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(happened, labels.length - happened) < leastOfEither) {
    const where = typeof target === 'string' ? target : target.event;
    throw new Problem(
      'conflict',
      `There is too little history to train ${kind}`,
      [{ where, what: `is true for ${happened} and false for ${labels.length - happened} customers to learn from` }],
      `At least ${leastOfEither} of each are needed; import ${typeof target === 'string' ? `customers with the attribute ${where}` : `the events ${where} of the past`}`,
    );
  }
  const leftOut = read.withoutHistory.map((feature): FeatureFinding => ({ feature, found: 'no-history', known: 0, what: whyLeftOut }));
  return {
    training: examplesOf(read.features, read.training),
    validation: examplesOf(read.features, read.validation),
    predecessorValidation: examplesOf(read.predecessorFeatures, read.predecessorValidation),
    findings: [...lookAtFeatures(read.features, read.training, await storedAttributes(tx)), ...leftOut],
  };
}

const examplesOf = (features: Features, { labels, ...columns }: LabelledRows): Examples => ({
  rows: toFeatureRows(features, columns),
  labels: Uint8Array.from(labels),
});

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
  model: {
    declared: ScoreDeclaration;
    score: ScoreFunction;
    metrics: ScoreMetrics;
    before: ScoreMetrics | null;
    promoted: boolean;
    now: Date;
  },
): Promise<{ id: string; version: number }> {
  const id = newId();
  const { score: kind, features, population } = model.declared;
  if (model.promoted) {
    const champion = tables<typeof ScoreModel>(tx).updateTable('ScoreModel').where('kind', '=', kind).where('state', '=', 'champion');
    await champion.set({ state: 'retired' }).execute();
  }
  const row = await queryOne<{ version: number }>(
    tx,
    `insert into score_model (id, kind, version, state, metrics, predecessor_metrics, parameters, trained_at)
     select $1, $2, coalesce(max(version), 0) + 1, $3, $4::jsonb, $5::jsonb, $6::jsonb, $7 from score_model where kind = $2
     returning version`,
    [
      id,
      kind,
      model.promoted ? 'champion' : 'candidate',
      JSON.stringify(model.metrics),
      model.before === null ? null : JSON.stringify(model.before),
      JSON.stringify({ ...model.score, reads: { features, population } satisfies Reads }),
      model.now,
    ],
  );
  if (row === undefined) throw new Error('The model was not registered');
  return { id, version: row.version };
}
