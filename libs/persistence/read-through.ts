import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from './sql.js';

/** Rows that are in memory at once. */
const batch = 1_000;
/** Real milliseconds in which a reader has to take as many rows. */
const defaultTimeoutMs = 60_000;

/**
 * Reads the answer of a statement, however long, as it stands at one moment: through a cursor, a piece at a time, as fast
 * as the reader takes it.
 * @param read gets the rows once the first are there; when it ends, so does the reading. `gaveUp` is aborted once it took
 *   no further rows for so long: it has to end then, as the connection of the pool waits for it
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
      // Where this process stands still itself; much later, so that a reader is given up by us, whose end is an orderly one.
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
