import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { rejectReason, type Layout } from './layout.js';

/** Writes rows that were passed over to a file that can be mended and imported with the same mapping. */
export interface RejectsFile {
  /** The columns, before the first row. */
  readonly begin: (layout: Layout) => void;
  readonly add: (cells: readonly string[], reason: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The file has the columns of the import and why each row was passed over; UTF-8, and marked as such whatever the import was in. */
export function createRejectsFile(path: string): RejectsFile {
  const file = createWriteStream(path, { mode: 0o600 });
  let layout: Layout | undefined;
  const write = async (cells: readonly string[]): Promise<void> => {
    const delimiter = layout?.delimiter ?? ',';
    if (!file.write(`${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\r\n`)) await once(file, 'drain');
  };
  return {
    begin: (found) => {
      layout = found;
      file.write('\ufeff');
      void write([...found.header.filter((column) => column !== rejectReason), rejectReason]);
    },
    add: async (cells, reason) => {
      const header = layout?.header ?? [];
      const before = header.indexOf(rejectReason);
      const own = before < 0 ? cells : cells.toSpliced(before, 1);
      const columns = header.length - (before < 0 ? 0 : 1);
      await write([...Array.from({ length: Math.max(columns, own.length) }, (_, index) => own[index] ?? ''), reason]);
    },
    close: async () => {
      file.end();
      await finished(file);
    },
  };
}

/** A text that a spreadsheet would take for a formula gets an apostrophe, which an import takes off again. */
function quoted(cell: string, delimiter: string): string {
  const safe = /^[\s\p{Z}]*[=+@\uff1d\uff0b\uff20-]/u.test(cell) && !/^[-+]?[\d., ']+$/.test(cell) ? `'${cell}` : cell;
  return safe.includes('"') || safe.includes(delimiter) || /[\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
