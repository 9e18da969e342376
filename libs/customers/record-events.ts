import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { aheadOfNow, isAhead } from '../platform/instants.js';
import { Problem } from '../platform/problem.js';
import { applyContractEvents, contractFields, isContractEvent, mayLieAhead } from './contract-status.js';
import { lockAllLiving } from './living.js';
import { type NamedCustomer, resolveCustomers } from './resolve-customers.js';
import { writeChanges } from '../outbox/write-events.js';

/** An event from another system: the customer by our id or the company's number, and that system's own id for the event. */
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
  /** Already stored, by (source, sourceId), or twice in the batch. */
  readonly duplicates: number;
  /** Their customer is unknown, or was erased; by position in the batch. */
  readonly unknown: readonly number[];
}

/**
 * Stores a batch of events in the transaction of `tx`, each once however often it is sent. The latest contract event decides whether the
 * customer churned (see contract-status.ts). Goals and triggers that read the status or the events are notified.
 * @throws Problem invalid if an event lies in the future; only the end of a contract may
 */
export async function recordEvents(tx: EntityManager, events: readonly IncomingEvent[], now: Date): Promise<RecordedEvents> {
  expectHappened(events, now);
  const named = await resolveCustomers(tx, events);
  const living = await lockAllLiving(
    tx,
    named.filter((customer) => customer !== null),
  );
  const customers = named.map((customer) => (customer !== null && living.has(customer) ? customer : null));
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
    stored.filter(({ kind }) => isContractEvent(kind)).map(({ customerId }) => customerId),
    now,
  );
  await writeChanges(
    tx,
    stored.map(({ customerId, kind }) => ({
      customerId,
      fields: [`events.${kind}`, ...(isContractEvent(kind) ? contractFields : [])],
    })),
    now,
  );
  return {
    stored: stored.length,
    duplicates: rows.length - stored.length,
    unknown: customers.flatMap((customer, ordinal) => (customer === null ? [ordinal] : [])),
  };
}

/** @throws Problem invalid, with each event that is dated in the future */
function expectHappened(events: readonly IncomingEvent[], now: Date): void {
  const places = events.flatMap(({ kind, at }, index) =>
    isAhead(at, now) && !mayLieAhead(kind) ? [{ where: `${index}.at`, what: aheadOfNow }] : [],
  );
  if (places.length === 0) return;
  throw new Problem(
    'invalid',
    'The request is not valid',
    places,
    'Only contract.ended may lie in the future: the customer has given notice.',
  );
}
