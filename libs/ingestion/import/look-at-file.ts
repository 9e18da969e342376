import { oneLine } from '../../platform/bounds.js';
import { findLayout, type Layout } from './layout.js';
import { lookAt, type Column, type Looks } from './look-at-column.js';
import { readRows } from './read-customers.js';
import { openTextFile, type ImportSource } from './text-file.js';

/** Rows that are looked at; the encoding is detected from the whole file. */
const rowsLookedAt = 5_000;

/** One column of a file, and what it seems to hold. */
export interface FoundColumn {
  readonly column: string;
  readonly cells: Column['cells'];
  readonly looks: Looks;
  /** Lines of cells that are something else. */
  readonly unfit: readonly number[];
}

/** How a file is written, and what its columns seem to hold. */
export interface FoundFile {
  readonly encoding: string;
  readonly layout: Layout;
  readonly columns: readonly FoundColumn[];
}

/**
 * Looks at the first rows of a file.
 * @throws Problem('invalid') if it is no text, Problem('not-found') if there is no such file
 */
export async function lookAtFile(source: ImportSource): Promise<FoundFile> {
  const file = await openTextFile(source, (evidence) => evidence.guess());
  try {
    const layout = await findLayout(file, undefined);
    const columns: { line: number; text: string }[][] = layout.header.map(() => []);
    let rows = 0;
    for await (const { line, cells } of readRows(file, layout)) {
      rows++;
      columns.forEach((column, index) => column.push({ line, text: oneLine(cells[index] ?? '') }));
      if (rows === rowsLookedAt) break;
    }
    return {
      encoding: file.encoding,
      layout,
      columns: layout.header.map((column, index) => {
        const cells = columns[index] ?? [];
        return { column, cells, ...lookAt({ name: column, cells }) };
      }),
    };
  } finally {
    await file.close();
  }
}
