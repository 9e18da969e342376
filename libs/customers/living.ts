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
