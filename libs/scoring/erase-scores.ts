import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../persistence/sql.js';

/** Removes a customer's scores with their reasons. @returns how many */
export async function eraseScores(tx: EntityManager, customerId: string): Promise<number> {
  return (await query(tx, 'delete from score where customer_id = $1 returning kind', [customerId])).length;
}
