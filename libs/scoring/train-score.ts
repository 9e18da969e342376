import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { query, queryOne } from '../persistence/sql.js';
import { newId } from '../platform/ids.js';
import { Problem } from '../platform/problem.js';
import type { Progress } from '../platform/progress.js';
import { findChampion } from './champion.js';
import { countCustomerRows, customerRows } from './customer-rows.js';
import { loadScoreDeclaration, type ScoreDeclaration } from './declaration.js';
import type { FeatureRow } from './model/features.js';
import { auc, brier, ece, logLoss } from './model/metrics.js';
import { scoreRows, trainScoreFunction, type ScoreFunction } from './model/score-function.js';
import type { ScoreKind, ScoreMetrics } from './score-model.entity.js';

export interface TrainingReport {
  readonly modelId: string;
  readonly version: number;
  /** On the hold-back. */
  readonly metrics: ScoreMetrics;
  /** The champion until now, on the same hold-back; null for the first of its kind. */
  readonly predecessor: { readonly version: number; readonly metrics: ScoreMetrics } | null;
  /** Whether the new model scores from now on. */
  readonly promoted: boolean;
}

const heldBackShare = 0.2;
/** Fewer examples of either outcome than this, and a model would learn chance. */
const leastOfEither = 50;
/** How much worse a log-loss (nats a customer) still counts as no worse. */
const noWorse = 0.001;

/**
 * Trains a score on the company's own history and registers it with its metrics. One in five customers is held back, by a hash of
 * kind and external id: always the same ones, so that no model, old or new, has ever learnt from those on whom it is measured. The new model
 * becomes the champion only where its log-loss there is no worse than its predecessor's.
 * One training of a kind runs at a time; another waits for it.
 * @param seed deals the customers into the folds of the calibration
 * @param declaration what is foretold from what; the one in config/scores where it is not given
 * @throws Problem('conflict') where there is too little history
 */
export async function trainScore(
  em: EntityManager,
  {
    kind,
    now,
    seed,
    declaration,
    onProgress,
  }: { kind: ScoreKind; now: Date; seed: string | number; declaration?: ScoreDeclaration; onProgress?: Progress },
): Promise<TrainingReport> {
  const declared = declaration ?? (await loadScoreDeclaration(kind));
  return em.transactional(async (tx) => {
    await query(tx, `select pg_advisory_xact_lock(hashtextextended('score-model ' || $1, 0))`, [kind]);
    const { learnt, heldBack } = await readHistory(tx, kind, declared.target, onProgress);
    const predecessor = await findChampion(tx, kind);
    const score = trainScoreFunction(declared, learnt, String(seed));
    const metrics = measure(score, heldBack, learnt.rows.length);
    const before = predecessor === undefined ? null : measure(predecessor.score, heldBack, predecessor.trainedOn);
    const promoted = before === null || metrics.logLoss <= before.logLoss + noWorse;
    const { id, version } = await register(tx, { kind, score, metrics, before, promoted, now });
    return {
      modelId: id,
      version,
      metrics,
      predecessor: predecessor === undefined || before === null ? null : { version: predecessor.version, metrics: before },
      promoted,
    };
  });
}

/** Whether a customer is never learnt from, only measured on. */
export function isHeldBack(kind: ScoreKind, externalId: string): boolean {
  const hash = createHash('sha256').update(`hold-back:${kind}:${externalId}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32 < heldBackShare;
}

interface Examples {
  readonly rows: FeatureRow[];
  readonly labels: Uint8Array;
}

/** The customers of whom it is known whether the target happened. */
async function readHistory(
  tx: EntityManager,
  kind: ScoreKind,
  target: string,
  onProgress?: Progress,
): Promise<{ learnt: Examples; heldBack: Examples }> {
  const total = onProgress === undefined ? 0 : await countCustomerRows(tx);
  const known: { features: FeatureRow; heldBack: boolean; label: number }[] = [];
  let read = 0;
  for await (const page of customerRows(tx)) {
    for (const { externalId, features } of page) {
      const happened = features[target];
      if (typeof happened === 'boolean') known.push({ features, heldBack: isHeldBack(kind, externalId), label: happened ? 1 : 0 });
    }
    read += page.length;
    onProgress?.(read, total);
  }
  const examples = (heldBack: boolean): Examples => {
    const chosen = known.filter((each) => each.heldBack === heldBack);
    return { rows: chosen.map((each) => each.features), labels: Uint8Array.from(chosen, (each) => each.label) };
  };
  const learnt = examples(false);
  const happened = learnt.labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(happened, learnt.labels.length - happened) < leastOfEither) {
    throw new Problem(
      'conflict',
      `There is too little history to train ${kind}`,
      [{ where: target, what: `is true for ${happened} and false for ${learnt.labels.length - happened} customers to learn from` }],
      `At least ${leastOfEither} of each are needed; import customers with the attribute ${target}`,
    );
  }
  return { learnt, heldBack: examples(true) };
}

function measure(score: ScoreFunction, { rows, labels }: Examples, trainedOn: number): ScoreMetrics {
  const likelihoods = scoreRows(score, rows, 0).map((each) => each.value);
  return {
    auc: auc(likelihoods, labels),
    logLoss: logLoss(likelihoods, labels),
    brier: brier(likelihoods, labels),
    ece: ece(likelihoods, labels),
    trainedOn,
    heldBack: rows.length,
  };
}

async function register(
  tx: EntityManager,
  model: { kind: ScoreKind; score: ScoreFunction; metrics: ScoreMetrics; before: ScoreMetrics | null; promoted: boolean; now: Date },
): Promise<{ id: string; version: number }> {
  const id = newId();
  if (model.promoted) await query(tx, `update score_model set state = 'retired' where kind = $1 and state = 'champion'`, [model.kind]);
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
