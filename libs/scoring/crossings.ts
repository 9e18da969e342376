import type { EntityManager } from '@mikro-orm/postgresql';
import { writeEvents } from '../outbox/write-events.js';
import { query } from '../persistence/sql.js';
import type { WrittenScore } from './write-scores.js';

/**
 * Up to this many scores, each customer who crossed a threshold is enrolled individually; beyond it, a check of all customers needs fewer
 * statements.
 */
const fewScores = 100;

/**
 * Writes an event for each customer who crossed a threshold of a campaign, in the transaction that wrote the scores. For many scores, it
 * only writes that scores of these kinds were written.
 *
 * The thresholds come from a view, `score_threshold`, which is defined above this layer.
 */
export async function writeCrossings(tx: EntityManager, written: readonly WrittenScore[], now: Date): Promise<void> {
  if (written.length > fewScores) return writeScored(tx, [...new Set(written.map(({ kind }) => kind))], now);
  if (written.length === 0) return;
  const crossed = await query<{ customerId: string; score: string; campaignId: string; rose: boolean }>(tx, crossedStatement, [
    written.map(({ customerId }) => customerId),
    written.map(({ kind }) => kind),
    written.map(({ value }) => value),
    written.map(({ previous }) => previous),
  ]);
  await writeEvents(
    tx,
    crossed.map(({ customerId, ...payload }) => ({ kind: 'score.crossed', customerId, payload })),
    now,
  );
}

/** Writes that many scores of these kinds were written at once. */
export async function writeScored(tx: EntityManager, kinds: readonly string[], now: Date): Promise<void> {
  await writeEvents(
    tx,
    kinds.map((score) => ({ kind: 'customers.scored', customerId: null, payload: { score } })),
    now,
  );
}

const crossedStatement = `
select s.customer_id as "customerId", s.kind as score, t.campaign_id as "campaignId", s.value > t.rises_above as rose
from unnest($1::uuid[], $2::text[], $3::float8[], $4::float8[]) as s (customer_id, kind, value, previous)
join score_threshold t on t.kind = s.kind
where s.value > t.rises_above and (s.previous is null or s.previous <= t.rises_above)
  or s.value < t.falls_below and s.previous >= t.falls_below
order by s.customer_id, t.campaign_id`;
