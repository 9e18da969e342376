import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';

/*
 * The order of locks about one customer (docs/decisions/0012): the customer's row, enrolments, their campaign's state, messages, requests,
 * tasks, contact points, offers, campaign. Code that knows the customer begins with the customer's row, `for no key update`. Code that
 * starts from a later row, such as a wake or a dispatcher, begins there and locks the customer's row only as a foreign key does (`for key
 * share`, which does not conflict). An erasure begins in the same way, and changes its lock to `for update` when it has the rows that
 * others may hold.
 */

/**
 * Locks a customer who was not erased until the transaction ends: changes about one customer run one after the other, and an erasure comes
 * before or after them. Take it before any other lock about the customer.
 * @throws Problem not-found if no such customer exists, or they were erased
 */
export async function lockLiving(tx: EntityManager, customerId: string): Promise<void> {
  const living = await lockAllLiving(tx, [customerId]);
  if (!living.has(customerId)) throw notFound('customer', customerId);
}

/** The same for several at once. @returns the ids of those who exist and were not erased */
export async function lockAllLiving(tx: EntityManager, customerIds: readonly string[]): Promise<ReadonlySet<string>> {
  const living = await query<{ id: string }>(
    tx,
    'select id from customer where id = any($1::uuid[]) and erased_at is null order by id for no key update',
    [[...new Set(customerIds)]],
  );
  return new Set(living.map(({ id }) => id));
}

/** @throws Problem not-found if no such customer exists, or they were erased */
export async function requireLiving(em: EntityManager, customerId: string): Promise<void> {
  const living = await query(em, 'select from customer where id = $1 and erased_at is null', [customerId]);
  if (living.length === 0) throw notFound('customer', customerId);
}

const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Whether a value names an erased customer. The other customers that it names cannot be erased until the transaction ends.
 * @param said any JSON value
 */
export async function namesErased(tx: EntityManager, said: unknown): Promise<boolean> {
  const named = [...new Set(JSON.stringify(said).match(ids))];
  if (named.length === 0) return false;
  const customers = await query<{ erased: boolean }>(
    tx,
    'select erased_at is not null as erased from customer where id = any($1::uuid[]) order by id for key share',
    [named],
  );
  return customers.some(({ erased }) => erased);
}
