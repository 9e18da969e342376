import type { EntityManager } from '@mikro-orm/postgresql';
import type { Progress } from '../platform/progress.js';
import type { ScoreName } from '../scores/kinds/table.js';
import type { ScoreDeclaration } from './declaration.js';
import { findChampion } from './registry/champion.js';
import { lockRegister } from './registry/promote.js';
import { registerModel } from './registry/register.js';
import type { ScoreMetrics } from './registry/score-model.entity.js';
import { publishedDeclaration } from './scores-content.js';
import type { FeatureFinding } from './training/findings.js';
import { trainers } from './training/trainers/table.js';

export interface TrainingReport {
  readonly modelId: string;
  readonly version: number;
  /** On the validation set. */
  readonly metrics: ScoreMetrics;
  /** The previous champion, on the same validation set; null for the first of its kind. */
  readonly predecessor: { readonly version: number; readonly metrics: ScoreMetrics | null } | null;
  /** Whether the new model is used from now on. */
  readonly promoted: boolean;
  /** What was found out about each declared feature. */
  readonly findings: readonly FeatureFinding[];
  /** Why it must not be used, as sentences; empty if it may be used. */
  readonly refusedFor: readonly string[];
}

/**
 * Trains a score on the company's own history by the declared model, and registers it with its metrics. One in five customers is in the
 * validation set, by a hash of kind and external id: always the same ones, so every model, old or new, is measured on customers it did not
 * learn from. The new model becomes the champion only if nothing speaks against its use and it is no worse than its predecessor. One training
 * of a kind runs at a time; another waits for it.
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
    await lockRegister(tx, kind);
    const predecessor = await findChampion(tx, kind);
    const { noWorse, refusedFor, ...trained } = await trainers
      .get(declared.model)
      .train(tx, { declared, predecessor, now, seed: String(seed), onProgress });
    const promoted = refusedFor.length === 0 && noWorse;
    const becomes = promoted ? 'champion' : refusedFor.length === 0 ? 'challenger' : 'candidate';
    const { id, version } = await registerModel(tx, { kind, ...trained, declaration: declared, becomes }, now);
    return {
      modelId: id,
      version,
      metrics: trained.metrics,
      predecessor: predecessor === undefined ? null : { version: predecessor.version, metrics: trained.before },
      promoted,
      findings: trained.metrics.findings ?? [],
      refusedFor,
    };
  });
}
