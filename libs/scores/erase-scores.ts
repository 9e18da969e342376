import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../persistence/tables.js';
import type { Score } from './score.entity.js';

/** Removes a customer's scores with their reasons. @returns how many */
export async function eraseScores(tx: EntityManager, customerId: string): Promise<number> {
  const removed = tables<typeof Score>(tx).deleteFrom('Score').where('customer', '=', customerId);
  return (await removed.returning('kind').execute()).length;
}
