import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

export interface ScoreFilter {
  readonly kind: string;
  /** Only scores of at least this. */
  readonly atLeast: number | null;
  readonly customer: string | null;
  readonly before: string | null;
  readonly rows: number;
}

export interface ScoreRow {
  readonly customerId: string;
}

/** The latest scores of a kind, by customer, newest customer first. */
export async function listScores(em: EntityManager, filter: ScoreFilter): Promise<ScoreRow[]> {
  return query<ScoreRow>(
    em,
    `select s.customer_id as "customerId", c.external_id as "externalId", s.kind, s.value, s.previous, s.model_id as "modelId", s.reasons,
       s.scored_at as "scoredAt"
     from score s join customer c on c.id = s.customer_id
     where s.kind = $1 and ($2::float8 is null or s.value >= $2) and ($3::uuid is null or s.customer_id = $3)
       and ($4::uuid is null or s.customer_id < $4)
     order by s.customer_id desc limit $5`,
    [filter.kind, filter.atLeast, filter.customer, filter.before, filter.rows],
  );
}
