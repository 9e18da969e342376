import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { openOutputFile, unwritable } from '../../platform/output-file.js';
import { Problem } from '../../platform/problem.js';
import { rejectReason, stillRejected, type Layout } from './layout.js';

/** Writes skipped rows to a file that can be fixed and imported with the same mapping. */
export interface RejectsFile {
  /** The columns, before the first row. */
  readonly begin: (layout: Layout) => void;
  readonly add: (cells: readonly string[], reason: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * The file has the columns of the import and the reason for each skipped row; it is UTF-8 with a byte order mark, whatever the import's
 * encoding.
 * @param imported the file of the import, which is never overwritten
 * @throws Problem if it cannot be written; add and close throw too if it can no longer be written
 */
export async function openRejectsFile(path: string, imported: string): Promise<RejectsFile> {
  if (await isSameFile(path, imported))
    throw new Problem('invalid', 'The rejected rows would overwrite the file that they came from', [], 'Choose another file for them.');
  const file = await openOutputFile(path);
  let layout: Layout | undefined;
  let failure: Error | undefined;
  file.on('error', (error) => {
    failure = error;
  });
  const write = async (cells: readonly string[]): Promise<void> => {
    if (failure !== undefined) throw unwritable(path, failure);
    if (file.write(line(cells, layout?.delimiter ?? ','))) return;
    await once(file, 'drain').catch((error: unknown) => {
      throw unwritable(path, error);
    });
  };
  return {
    begin: (found) => {
      layout = found;
      file.write(`\ufeff${line([...found.header.filter((column) => column !== rejectReason), rejectReason], found.delimiter)}`);
    },
    add: async (cells, reason) => {
      const header = layout?.header ?? [];
      const before = header.indexOf(rejectReason);
      const own = before < 0 ? cells : cells.toSpliced(before, 1);
      const columns = header.length - (before < 0 ? 0 : 1);
      const first = reason === stillRejected ? (cells[before] ?? reason) : reason;
      await write([...Array.from({ length: Math.max(columns, own.length) }, (_, index) => own[index] ?? ''), first]);
    },
    close: async () => {
      file.end();
      await finished(file).catch((error: unknown) => {
        throw unwritable(path, error);
      });
    },
  };
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const found = await Promise.all([one, other].map((path) => realpath(path).catch(() => undefined)));
  return found[0] !== undefined && found[0] === found[1];
}

const line = (cells: readonly string[], delimiter: string): string => `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\r\n`;

/** A text that a spreadsheet would read as a formula gets an apostrophe, which an import removes again. */
function quoted(cell: string, delimiter: string): string {
  const safe = /^[\s\p{Z}]*[=+@\uff1d\uff0b\uff20-]/u.test(cell) && !/^[-+]?[\d., ']+$/.test(cell) ? `'${cell}` : cell;
  return safe.includes('"') || safe.includes(delimiter) || /[\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
