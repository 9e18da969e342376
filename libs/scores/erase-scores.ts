import type { EntityManager } from '@mikro-orm/postgresql';
import { tables } from '../persistence/tables.js';
import type { ScoreHistory } from './score-history.entity.js';
import type { Score } from './score.entity.js';
import type { ShadowScore } from './shadow-score.entity.js';

/** Removes a customer's scores with their reasons, and what the scores were before. @returns how many scores */
export async function eraseScores(tx: EntityManager, customerId: string): Promise<number> {
  await tables<typeof ScoreHistory>(tx).deleteFrom('ScoreHistory').where('customer', '=', customerId).execute();
  await tables<typeof ShadowScore>(tx).deleteFrom('ShadowScore').where('customer', '=', customerId).execute();
  const removed = tables<typeof Score>(tx).deleteFrom('Score').where('customer', '=', customerId);
  return (await removed.returning('kind').execute()).length;
}
