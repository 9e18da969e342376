import type { EntityManager } from '@mikro-orm/postgresql';
import { Problem } from '../platform/problem.js';
import { query } from './sql.js';
import { codeOf } from '../platform/code-of.js';

/** PostgreSQL's code for a cancelled statement, by its time limit or by somebody. */
const cancelled = '57014';

/** Until the transaction of `tx` ends, each statement may take this many real milliseconds. */
export async function limitStatements(tx: EntityManager, limitMs: number): Promise<void> {
  await query(tx, `select set_config('statement_timeout', $1, true)`, [String(Math.max(1, Math.ceil(limitMs)))]);
}

/** Turns the error of a cancelled statement into a problem for the caller; other errors do not change. */
export function explainLimit(error: unknown, limitMs: number): unknown {
  if (codeOf(error) !== cancelled) return error;
  return new Problem(
    'unavailable',
    `This would take longer than ${String(Math.ceil(limitMs / 1_000))} seconds`,
    [],
    'Ask for less, or try again when the system is less busy.',
  );
}

/**
 * Writes in one transaction that holds its connection only for a limited time.
 * @param limitMs real milliseconds that each statement may take
 * @throws Problem `unavailable` if a statement took longer; nothing is written then
 */
export async function writeWithin<Result>(
  em: EntityManager,
  limitMs: number,
  work: (tx: EntityManager) => Promise<Result>,
): Promise<Result> {
  try {
    return await em.transactional(async (tx) => {
      await limitStatements(tx, limitMs);
      return work(tx);
    });
  } catch (error) {
    throw explainLimit(error, limitMs);
  }
}
