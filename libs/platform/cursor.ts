import { isId } from './ids.js';
import { Problem } from './problem.js';

/** One page of a list, newest first. `next` is the cursor of the page that follows, null on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** A cursor is the id of the last row seen: a row that is added or removed between two pages neither repeats nor hides another. */
export function encodeCursor(id: string): string {
  return Buffer.from(id, 'utf8').toString('base64url');
}

/** The id that a cursor was made from. @throws Problem `invalid` if this API did not make it */
export function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!isId(id)) {
    throw new Problem(
      'invalid',
      'Invalid cursor',
      [{ where: 'cursor', what: 'is not a cursor that this API made' }],
      'Leave it out to start again.',
    );
  }
  return id;
}

/**
 * Makes a page from rows that were read with a limit one above the page size.
 * @param limit items a page
 */
export function pageOf<Row>(rows: readonly Row[], limit: number, idOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(idOf(last)) : null };
}
