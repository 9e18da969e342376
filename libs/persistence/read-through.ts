import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from './sql.js';

/** The most rows in memory at once. */
const batch = 1_000;
/** Real milliseconds in which a reader has to take that many rows. */
const defaultTimeoutMs = 60_000;

/**
 * Reads the result of a statement of any length from one snapshot: through a cursor, in batches, as fast as the reader takes them.
 * @param read gets the rows when the first ones arrive; when it ends, the reading ends. `gaveUp` is aborted if it takes no rows for too
 *   long: it must end then, because it blocks a connection of the pool
 */
export async function readThrough<Row extends object>(
  em: EntityManager,
  sql: string,
  params: readonly unknown[],
  read: (rows: AsyncIterable<Row>, gaveUp: AbortSignal) => Promise<void>,
  timeoutMs = defaultTimeoutMs,
): Promise<void> {
  await em.transactional(
    async (tx) => {
      // For the case that this process itself stops; much later, so that normally this code gives up a slow reader, in an orderly way.
      await query(tx, `set local idle_in_transaction_session_timeout = ${String(timeoutMs + defaultTimeoutMs)}`);
      await query(tx, `declare reading no scroll cursor for ${sql}`, params);
      const next = (): Promise<Row[]> => query<Row>(tx, `fetch ${batch} from reading`);
      const first = await next();
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(), timeoutMs);
      const further = (): Promise<Row[]> => {
        timer.refresh();
        return next();
      };
      try {
        await read(piecewise(first, further), giveUp.signal);
      } finally {
        clearTimeout(timer);
      }
    },
    { readOnly: true },
  );
}

async function* piecewise<Row>(first: readonly Row[], next: () => Promise<Row[]>): AsyncGenerator<Row> {
  for (let rows = first; rows.length > 0; rows = await next()) yield* rows;
}
