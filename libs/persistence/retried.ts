import type { EntityManager } from '@mikro-orm/postgresql';
import { codeOf } from '../platform/code-of.js';
import { isPassing } from './passing-errors.js';

/**
 * Does work in a transaction, and all of it again where PostgreSQL ended the transaction for the sake of another, or refused what was prepared before a migration.
 * @param attempts how often at most
 * @throws what the last attempt threw, or the first that trying again does not help
 */
export async function retriedTransaction<Result>(
  em: EntityManager,
  attempts: number,
  work: (tx: EntityManager) => Promise<Result>,
): Promise<Result> {
  try {
    return await em.transactional(work);
  } catch (error) {
    if (attempts <= 1 || !isPassing(codeOf(error))) throw error;
    return retriedTransaction(em, attempts - 1, work);
  }
}
