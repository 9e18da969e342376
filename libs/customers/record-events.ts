import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { type NamedCustomer, resolveCustomers } from './resolve-customers.js';

/** An event as another system tells it: the customer by either id, and that system's own id for the event. */
export interface IncomingEvent extends NamedCustomer {
  /** Dotted, as in `contract.ended`. */
  readonly kind: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly sourceId: string;
}

export interface RecordedEvents {
  readonly stored: number;
  /** Known already by (source, sourceId), or twice in the batch. */
  readonly duplicates: number;
  /** Their customer is nobody we know; by place in the batch. */
  readonly unknown: readonly number[];
}

/** What the end and the renewal of a contract make of a customer. */
const statusOf: Readonly<Record<string, string>> = { 'contract.ended': 'left', 'contract.renewed': 'renewed' };

/**
 * Stores a batch of events in the transaction of `tx`, each once however often it is sent. The latest contract event says
 * whether the customer left, in whatever order events arrive. Journeys that could care are told that the customer changed.
 */
export async function recordEvents(tx: EntityManager, events: readonly IncomingEvent[], now: Date): Promise<RecordedEvents> {
  const customers = await resolveCustomers(tx, events);
  const rows = events.flatMap((event, ordinal) => {
    const customer = customers[ordinal] ?? null;
    if (customer === null) return [];
    const { kind, at, data, source, sourceId } = event;
    return [{ ordinal, customer, kind, at, data, source, source_id: sourceId }];
  });
  const stored = await query<{ customerId: string; kind: string }>(
    tx,
    `insert into customer_event (id, customer_id, kind, at, data, source, source_id, received_at)
     select uuidv7(), customer, kind, at, data, source, source_id, $2
     from jsonb_to_recordset($1::jsonb) as given (ordinal int, customer uuid, kind text, at timestamptz, data jsonb, source text, source_id text)
     order by ordinal
     on conflict (source, source_id) do nothing returning customer_id as "customerId", kind`,
    [JSON.stringify(rows), now],
  );
  await applyContractEvents(
    tx,
    stored.filter((event) => Object.hasOwn(statusOf, event.kind)).map((event) => event.customerId),
    now,
  );
  await tellJourneys(tx, stored, now);
  return {
    stored: stored.length,
    duplicates: rows.length - stored.length,
    unknown: customers.flatMap((customer, ordinal) => (customer === null ? [ordinal] : [])),
  };
}

async function applyContractEvents(tx: EntityManager, customerIds: readonly string[], now: Date): Promise<void> {
  if (customerIds.length === 0) return;
  await query(
    tx,
    `update customer c set status = $2::jsonb ->> latest.kind, left_at = case when latest.kind = 'contract.ended' then latest.at end, updated_at = $3
     from (select distinct on (customer_id) customer_id, kind, at from customer_event
           where customer_id = any($1::uuid[]) and kind in (select jsonb_object_keys($2::jsonb))
           order by customer_id, at desc, id desc) latest
     where c.id = latest.customer_id`,
    [[...new Set(customerIds)], JSON.stringify(statusOf), now],
  );
}

/** A journey cares for a change of its customer's status, and for any event where its goal asks about events. */
async function tellJourneys(tx: EntityManager, stored: readonly { customerId: string; kind: string }[], now: Date): Promise<void> {
  if (stored.length === 0) return;
  const changed = stored.filter((event) => Object.hasOwn(statusOf, event.kind)).map((event) => event.customerId);
  await query(
    tx,
    `insert into pending_signal (id, enrolment_id, signal, created_at)
     select uuidv7(), e.id, '{"kind":"customer-changed"}', $3
     from enrolment e join campaign_version v on v.id = e.version_id
     where e.customer_id = any($1::uuid[]) and e.arm = 'treated' and e.state in ('entered', 'held')
       and (e.customer_id = any($2::uuid[]) or v.definition ->> 'goal' like '%events(%')`,
    [stored.map((event) => event.customerId), changed, now],
  );
}
