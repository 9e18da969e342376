import { pipeline } from 'node:stream/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Response } from 'express';
import { readThrough } from '../../../../libs/persistence/read-through.js';
import { toCsv } from '../../../../libs/platform/csv.js';
import { Problem } from '../../../../libs/platform/problem.js';
import type { Export } from '../../../../libs/measurement/exports.js';
import { codeOf } from '../../../../libs/platform/code-of.js';

/** The most exports at once: each uses a connection of the pool for as long as its reader takes. */
const mostAtOnce = 2;
let underWay = 0;

/**
 * Streams a file of rows as they are read; a million of them never sit in memory. An error on the way breaks the connection, so that nobody
 * takes half a file for a complete one.
 * @param name of the file, without `.csv`
 * @param timeoutMs real milliseconds that a reader has for a thousand rows, before the connection is broken off
 * @throws Problem `unavailable` while others are under way
 */
export async function sendCsv(
  em: EntityManager,
  { sql, columns }: Export,
  params: readonly unknown[],
  name: string,
  response: Response,
  timeoutMs?: number,
): Promise<void> {
  if (underWay >= mostAtOnce) {
    throw new Problem('unavailable', 'Other exports are running', [], 'Try again when they are done.');
  }
  underWay++;
  try {
    const send = async (rows: AsyncIterable<object>, gaveUp: AbortSignal): Promise<void> => {
      response.status(200).type('text/csv; charset=utf-8; header=present');
      response.setHeader('Content-Disposition', `attachment; filename="${name}.csv"`);
      response.setHeader('Cache-Control', 'private, no-store');
      await pipeline(rows, toCsv(Object.keys(columns)), response, { signal: gaveUp });
    };
    await readThrough(em, sql, params, send, timeoutMs);
  } catch (error) {
    if (!isReaderGone(error)) throw error;
  } finally {
    underWay--;
  }
}

/** The reader went away, or was given up: nobody reads the response. */
function isReaderGone(error: unknown): boolean {
  return readerGone.has(codeOf(error));
}

const readerGone = new Set<unknown>(['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);
