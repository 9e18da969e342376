import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../persistence/sql.js';
import type { ScoreName } from '../../scores/kinds/table.js';
import type { ModelState, ScoreMetrics } from './score-model.entity.js';

/** A version in the register, for people. */
export interface RegisteredModel {
  readonly kind: ScoreName;
  readonly version: number;
  readonly state: ModelState;
  readonly metrics: ScoreMetrics;
  readonly trainedAt: Date;
  readonly promotedAt: Date | null;
  /** Why it did not pass its gates, as sentences; empty where it did. */
  readonly refusedFor: readonly string[];
  /** When everybody was last scored with it; null where nobody was. */
  readonly sweptAt: Date | null;
}

/** The versions of a kind, newest first; of all kinds where it is null. */
export async function listRegister(em: EntityManager, kind: ScoreName | null): Promise<RegisteredModel[]> {
  return query<RegisteredModel>(
    em,
    `select m.kind, m.version, m.state, m.metrics, m.trained_at as "trainedAt", m.promoted_at as "promotedAt",
       coalesce(m.metrics -> 'refusedFor', '[]') as "refusedFor",
       (select max(finished_at) from score_sweep s where s.model_id = m.id) as "sweptAt"
     from score_model m where $1::text is null or m.kind = $1 order by m.kind, m.version desc limit 500`,
    [kind],
  );
}
