import type { EntityManager } from '@mikro-orm/postgresql';

/** PostgreSQL's serialization_failure and deadlock_detected: the same again may pass. */
const passing = new Set(['40001', '40P01']);

/**
 * Does work in a transaction, and all of it again where PostgreSQL ended the transaction for the sake of another.
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
    if (attempts <= 1 || !passing.has(codeOf(error))) throw error;
    return retriedTransaction(em, attempts - 1, work);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
