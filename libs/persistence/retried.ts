import type { EntityManager } from '@mikro-orm/postgresql';
import { codeOf } from '../platform/code-of.js';
import { isPassing } from './passing-errors.js';

/**
 * Does work in a transaction, and repeats all of it if PostgreSQL ended the transaction in favour of another, or refused a statement that
 * was prepared before a migration.
 * @param attempts the most attempts
 * @throws the error of the last attempt, or the first error that a repetition does not help
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
