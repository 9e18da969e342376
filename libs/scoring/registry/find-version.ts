import type { EntityManager } from '@mikro-orm/postgresql';
import { queryOne } from '../../persistence/sql.js';
import { notFound } from '../../platform/problem.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { Reads } from './champion.js';
import type { ModelState, ScoreMetrics } from './score-model.entity.js';

/** A version of a kind of score with what people look at before they trust it. */
export interface RegisteredVersion {
  readonly id: string;
  readonly kind: ScoreName;
  readonly version: number;
  readonly state: ModelState;
  readonly metrics: ScoreMetrics;
  readonly predecessorMetrics: ScoreMetrics | null;
  readonly trainedAt: Date;
  readonly promotedAt: Date | null;
  /** The version that it replaced; null where it replaced none. */
  readonly replaced: number | null;
  readonly dataFrom: Date | null;
  readonly dataUntil: Date | null;
  /** As `ModelFigures`; another form of model may have fewer, and a model from before they were kept has none. */
  readonly figures: Readonly<Record<string, unknown>> | null;
  readonly reads: Reads;
}

/** @throws Problem not-found */
export async function findVersion(em: EntityManager, kind: ScoreName, version: number): Promise<RegisteredVersion> {
  const row = await queryOne<RegisteredVersion>(
    em,
    `select m.id, m.kind, m.version, m.state, m.metrics, m.predecessor_metrics as "predecessorMetrics", m.trained_at as "trainedAt",
       m.promoted_at as "promotedAt", (select r.version from score_model r where r.id = m.replaced_id) as replaced,
       m.data_from as "dataFrom", m.data_until as "dataUntil", m.figures, m.parameters -> 'reads' as reads
     from score_model m where m.kind = $1 and m.version = $2`,
    [kind, version],
  );
  if (row === undefined) throw notFound(`version of the score ${kind}`, String(version));
  return row;
}
