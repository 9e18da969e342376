import type { EntityManager } from '@mikro-orm/postgresql';
import { writeChanges } from '../outbox/write-events.js';
import { query } from '../persistence/sql.js';
import type { ScoreName } from './kinds/table.js';
import type { ScoreReason } from './score.entity.js';

export interface NewScore {
  readonly customerId: string;
  readonly kind: ScoreName;
  readonly value: number;
  readonly reasons: readonly ScoreReason[];
  /** When it changes by time alone; null or left out where that is not known, or never. */
  readonly nextChangeAt?: Date | null;
}

/** A score that was written. */
export interface WrittenScore {
  readonly customerId: string;
  readonly kind: string;
  readonly value: number;
  /** The previous score; null for the first. */
  readonly previous: number | null;
}

/**
 * Writes scores in one statement; the customer's old score becomes `previous`. At most one score for each customer and kind. Goals that
 * read a score are notified; the caller reports who crossed a threshold (see crossings.ts).
 * @param modelId null if another system computed them
 * @returns what was written; a customer who does not exist, has churned or objects is skipped, and one who was scored as of a later instant
 */
export async function writeScores(
  tx: EntityManager,
  scores: readonly NewScore[],
  modelId: string | null,
  now: Date,
): Promise<WrittenScore[]> {
  const written = await query<WrittenScore>(tx, upsert, [
    scores.map((score) => score.customerId),
    scores.map((score) => score.kind),
    scores.map((score) => score.value),
    scores.map((score) => JSON.stringify(score.reasons)),
    modelId,
    now,
    scores.map((score) => score.nextChangeAt ?? null),
  ]);
  const changed = written.filter(({ value, previous }) => value !== previous);
  await writeChanges(
    tx,
    changed.map(({ customerId, kind }) => ({ customerId, fields: [`score.${kind}`] })),
    now,
  );
  return written;
}

/**
 * Rows are locked in the order of their keys, so that a sweep and a single customer's event do not deadlock; a score of a later instant
 * stays, as a sweep that began before an event knows less. A value that is replaced by
 * another is kept in the history, from when it was the score.
 */
const upsert = `
with written as (
  insert into score (customer_id, kind, value, previous, model_id, reasons, scored_at, next_change_at)
  select customer.id, given.kind, given.value, null, $5::uuid, given.reasons::jsonb, $6, given.next_change_at
  from unnest($1::uuid[], $2::text[], $3::float8[], $4::text[], $7::timestamptz[]) as given (customer_id, kind, value, reasons, next_change_at)
  join customer on customer.id = given.customer_id and customer.status <> 'churned' and customer.objected_at is null and customer.erased_at is null
  order by customer.id, given.kind
  for key share of customer
  on conflict (customer_id, kind) do update
  set value = excluded.value, previous = score.value, model_id = excluded.model_id, reasons = excluded.reasons, scored_at = excluded.scored_at,
    next_change_at = excluded.next_change_at
  where score.scored_at <= excluded.scored_at
  returning new.customer_id, new.kind, new.value, old.value as previous, old.scored_at as since, old.model_id as by_model
), kept as (
  insert into score_history (customer_id, kind, at, value, model_id)
  select customer_id, kind, since, previous, by_model from written where previous <> value
  on conflict (customer_id, kind, at) do nothing
)
select customer_id as "customerId", kind, value, previous from written`;
