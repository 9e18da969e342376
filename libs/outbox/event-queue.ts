import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { tables } from '../persistence/tables.js';
import type { StoredEvent } from './domain-event.entity.js';

/** An event that waits for delivery. */
export interface WaitingEvent {
  readonly id: string;
  readonly kind: string;
  readonly customerId: string | null;
  readonly payload: unknown;
  readonly at: Date;
}

/**
 * Takes due events, oldest first, and for each customer only the first undelivered one. They stay locked until the transaction of `tx`
 * ends, so that several relays never have the same event, or two of one customer.
 */
export async function takeEvents(tx: EntityManager, limit: number): Promise<WaitingEvent[]> {
  return query<WaitingEvent>(tx, takeStatement, [limit]);
}

export const takeStatement = `
select e.id, e.kind, e.customer_id as "customerId", e.payload, e.at
from domain_event e
where e.delivered_at is null and e.due_at <= now()
  and not exists (
    select from domain_event b where b.customer_id = e.customer_id and b.delivered_at is null and b.position < e.position)
order by e.due_at, e.position limit $1 for update of e skip locked`;

/**
 * Marks those of the next `limit` due events as delivered that are of these kinds: nobody subscribes to them. Without it each would be
 * a delivery, and later events of its customer would wait for it. Call it in a transaction of its own, which holds its rows for a moment only.
 * @returns the kinds of events for which an alert had been raised
 */
export async function markUnsubscribed(em: EntityManager, kinds: readonly string[], limit: number): Promise<string[]> {
  if (kinds.length === 0) return [];
  return kindsWithAlert(await query<Marked>(em, markUnsubscribedStatement, [kinds, limit]));
}

export const markUnsubscribedStatement = `
with due as materialized (
  select id, kind from domain_event where delivered_at is null and due_at <= now() order by due_at, position limit $2
), unsubscribed as materialized (
  select id from domain_event where id = any(array(select id from due where kind = any($1::text[]))) for update skip locked)
update domain_event e set delivered_at = now() from unsubscribed u where e.id = u.id returning e.kind, e.attempts`;

/** Marks events as delivered. @returns the kinds of events for which an alert had been raised */
export async function markDelivered(tx: EntityManager, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  return kindsWithAlert(
    await query<Marked>(tx, 'update domain_event set delivered_at = now() where id = any($1::uuid[]) returning kind, attempts', [ids]),
  );
}

interface Marked {
  readonly kind: string;
  readonly attempts: number;
}

const kindsWithAlert = (rows: readonly Marked[]): string[] => [
  ...new Set(rows.filter(({ attempts }) => attempts >= triesBeforeAlert).map(({ kind }) => kind)),
];

/** After this many failures, a quarter of an hour, the cause is not just a short outage. */
export const triesBeforeAlert = 20;
/** The most seconds between two attempts. */
const longestPause = 60;

/**
 * Delays events whose delivery failed, longer each time up to a minute. Later events of the same customer wait too.
 * @returns the kinds of
 * events that have just failed so often that a person should know
 */
export async function putOff(tx: EntityManager, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await query<{ kind: string; attempts: number }>(
    tx,
    `update domain_event set attempts = attempts + 1,
       due_at = clock_timestamp() + least(2 ^ least(attempts, 10), ${longestPause}) * interval '1 second'
     where id = any($1::uuid[]) returning kind, attempts`,
    [ids],
  );
  await query(
    tx,
    `update domain_event behind set due_at = failed.due_at from domain_event failed
     where failed.id = any($1::uuid[]) and behind.customer_id = failed.customer_id
       and behind.delivered_at is null and behind.due_at < failed.due_at`,
    [ids],
  );
  return [...new Set(rows.filter(({ attempts }) => attempts === triesBeforeAlert).map(({ kind }) => kind))];
}

/** Whether there is still an undelivered event of this kind for which an alert was raised. */
export async function isStuck(tx: EntityManager, kind: string): Promise<boolean> {
  const stuck = tables<typeof StoredEvent>(tx)
    .selectFrom('StoredEvent')
    .select('id')
    .where('deliveredAt', 'is', null)
    .where('kind', '=', kind)
    .where('attempts', '>=', triesBeforeAlert)
    .limit(1);
  return (await stuck.executeTakeFirst()) !== undefined;
}

/** How long an event is kept after its delivery, so that people can still check what was delivered and when. */
const keptFor = '7 days';

/** Removes delivered events whose time is over. Call it regularly: it removes a bounded number of the oldest. @returns how many it removed */
export async function removeOldEvents(em: EntityManager, limit = 5_000): Promise<number> {
  const removed = await query(em, removeStatement, [limit]);
  return removed.length;
}

export const removeStatement = `
with oldest as materialized (select id, delivered_at from domain_event order by id limit $1)
delete from domain_event e using oldest o
where e.id = o.id and o.delivered_at < now() - interval '${keptFor}' returning e.id`;
