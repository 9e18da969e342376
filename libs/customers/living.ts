import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';
import { notFound } from '../platform/problem.js';

/**
 * Locks a customer who was not erased until the transaction ends: what is asked for by one customer's references is done one
 * after the other, and an erasure comes before or after it.
 * @throws Problem not-found where there is nobody of this id, or where they were erased
 */
export async function lockLiving(tx: EntityManager, customerId: string): Promise<void> {
  const found = await query(tx, 'select from customer where id = $1 and erased_at is null for no key update', [customerId]);
  if (found.length === 0) throw notFound('customer', customerId);
}

const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Whether something names a customer who was erased. Those whom it names are not erased until the transaction ends.
 * @param said anything that JSON can hold
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
