import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import type { NewEvent } from './event-kinds.js';

/** Writes events in the transaction of `tx`, which makes them true: both are committed, or neither. */
export async function writeEvents(tx: EntityManager, events: readonly NewEvent[], now: Date): Promise<void> {
  if (events.length === 0) return;
  await query(
    tx,
    `insert into domain_event (id, kind, customer_id, payload, at)
     select uuidv7(), kind, customer_id, payload, $4
     from unnest($1::text[], $2::uuid[], $3::jsonb[]) with ordinality as given (kind, customer_id, payload, place) order by place`,
    [events.map(({ kind }) => kind), events.map(({ customerId }) => customerId), events.map(({ payload }) => JSON.stringify(payload)), now],
  );
}

/** What changed about one customer. */
export interface CustomerChange {
  readonly customerId: string;
  /** The fields, as rules name them: `customer.plan`, `score.churn`, `events.payment`. */
  readonly fields: readonly string[];
}

/**
 * Changes of more customers than this at once are a load, as by an import: scores are not computed again for each of them, as the next sweep
 * does that for all in less time.
 */
const manyCustomers = 500;

/**
 * Writes `customer.changed` once for each customer for whom a running journey, a live trigger or a score reads one of the changed fields.
 * Other changes are not written, so an import of a whole population writes few events.
 *
 * The read fields come from a view, `asked_of_customer`, which is defined above this layer.
 */
export async function writeChanges(tx: EntityManager, changes: readonly CustomerChange[], now: Date): Promise<void> {
  const changed = changes.filter(({ fields }) => fields.length > 0);
  if (changed.length === 0) return;
  await query(tx, writeChangesStatement, [
    JSON.stringify(changed),
    [...new Set(changed.map(({ customerId }) => customerId))],
    [...new Set(changed.flatMap(({ fields }) => fields))],
    now,
    manyCustomers,
  ]);
}

/** $1 the changes, $2 their customers, $3 their fields, $4 now, $5 beyond how many customers scores do not ask. A version whose `asks` are not known reads everything. */
export const writeChangesStatement = `
with asked as materialized (
  select customer_id, asks from asked_of_customer where customer_id = any($2::uuid[]) and (asks is null or asks && $3::text[])
    and (asker <> 'score' or cardinality($2::uuid[]) <= $5)
)
insert into domain_event (id, kind, customer_id, payload, at)
select uuidv7(), 'customer.changed', "customerId", jsonb_build_object('fields', jsonb_agg(distinct field)), $4
from jsonb_to_recordset($1::jsonb) as given ("customerId" uuid, fields text[]) cross join unnest(fields) as field
where exists (select from asked a where a.customer_id = "customerId" and (a.asks is null or field = any(a.asks)))
group by "customerId"`;
