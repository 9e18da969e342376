import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { ScoreName } from './kinds/table.js';

/** Writes what the challenger of a kind would give these customers, one value each. */
export async function writeShadowScores(
  tx: EntityManager,
  kind: ScoreName,
  modelId: string,
  customerIds: readonly string[],
  values: Float64Array,
  now: Date,
): Promise<void> {
  await query(
    tx,
    `insert into shadow_score (customer_id, kind, model_id, value, scored_at)
     select customer_id, $3, $4, value, $5 from unnest($1::uuid[], $2::float8[]) as given (customer_id, value)
     where exists (select from customer c where c.id = customer_id and c.erased_at is null)
     order by customer_id
     on conflict (customer_id, kind) do update set model_id = excluded.model_id, value = excluded.value, scored_at = excluded.scored_at`,
    [customerIds, [...values], kind, modelId, now],
  );
}
