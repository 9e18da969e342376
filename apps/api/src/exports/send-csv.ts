import { pipeline } from 'node:stream/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Response } from 'express';
import { readThrough } from '../../../../libs/persistence/read-through.js';
import { toCsv } from '../../../../libs/platform/csv.js';
import { Problem } from '../../../../libs/platform/problem.js';
import type { Export } from './exports.queries.js';

/** Exports under way at once: each holds a connection of the pool for as long as its reader takes. */
const mostAtOnce = 2;
let underWay = 0;

/**
 * Streams a file of rows as they are read; a million of them never sit in memory. What breaks off on the way breaks the
 * connection off, so that half a file is not taken for a whole one.
 * @param name of the file, without `.csv`
 * @throws Problem `unavailable` while others are under way
 */
export async function sendCsv(
  em: EntityManager,
  { sql, columns }: Export,
  params: readonly unknown[],
  name: string,
  response: Response,
): Promise<void> {
  if (underWay >= mostAtOnce) {
    throw new Problem('unavailable', 'Other exports are under way', [], 'Try again when they are done.');
  }
  underWay++;
  try {
    await readThrough(em, sql, params, async (rows) => {
      response.status(200).type('text/csv; charset=utf-8; header=present');
      response.setHeader('Content-Disposition', `attachment; filename="${name}.csv"`);
      response.setHeader('Cache-Control', 'private, no-store');
      await pipeline(rows, toCsv(Object.keys(columns)), response);
    });
  } catch (error) {
    if (!wasLeft(error)) throw error;
  } finally {
    underWay--;
  }
}

/** The reader went away: nobody is left to tell. */
function wasLeft(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
