import type { WriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { toCsv } from '../../../libs/platform/csv.js';

/** Writes named customers who are not enrolled, with the reason, as CSV, and closes the file. */
export async function writeSkipped(file: WriteStream, skipped: readonly { readonly id: string; readonly reason: string }[]): Promise<void> {
  const rows = skipped.map(({ id, reason }) => ({ number: id, reason }));
  await pipeline(Readable.from(rows), toCsv(['number', 'reason']), file);
}
