import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from './sql.js';

/** Rows that are in memory at once. */
const batch = 1_000;
/** Real seconds after which PostgreSQL ends the transaction of a reader that takes nothing more. */
const patience = 60;

/**
 * Reads the answer of a statement, however long, as it stands at one moment: through a cursor, a piece at a time, as fast
 * as the reader takes it.
 * @param read gets the rows once the first are there; when it ends, so does the reading
 */
export async function readThrough<Row extends object>(
  em: EntityManager,
  sql: string,
  params: readonly unknown[],
  read: (rows: AsyncIterable<Row>) => Promise<void>,
): Promise<void> {
  await em.transactional(
    async (tx) => {
      await query(tx, `set local idle_in_transaction_session_timeout = '${patience}s'`);
      await query(tx, `declare reading no scroll cursor for ${sql}`, params);
      const next = (): Promise<Row[]> => query<Row>(tx, `fetch ${batch} from reading`);
      const first = await next();
      await read(piecewise(first, next));
    },
    { readOnly: true },
  );
}

async function* piecewise<Row>(first: readonly Row[], next: () => Promise<Row[]>): AsyncGenerator<Row> {
  for (let rows = first; rows.length > 0; rows = await next()) yield* rows;
}
