import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { Problem } from '../../platform/problem.js';
import { refused, toCustomer, type ImportedCustomer, type RefusedRow } from './imported-customer.js';
import { findLayout, lineEnds, rejectReason, stillRejected, type Layout } from './layout.js';
import { checkHeader, columnsOf, type ImportMapping } from './mapping.js';
import { openTextFile, type ImportSource, type TextFile } from './text-file.js';
import { codeOf } from '../../platform/code-of.js';

export type { ImportSource } from './text-file.js';

/** One row, or why it could not be read, with its original cells. Lines count from 1, the header is one. */
export type ReadRow = { readonly line: number; readonly cells: readonly string[] } & ({ readonly customer: ImportedCustomer } | RefusedRow);

/** Called with the layout of the file, before the first row. */
export type OnLayout = (layout: Layout) => void;

/** Cells in the order of the header; `line` is their first line, `lastLine` their last. */
export interface RawRow {
  readonly line: number;
  readonly lastLine: number;
  readonly cells: readonly string[];
}

const longestRow = 256 * 1024;

/**
 * Reads the customers of a CSV file, one after the other, without holding the file in memory. Empty rows are skipped.
 * @throws Problem('invalid') before the first row if the header does not fit the mapping or the encoding is not the stated one; later if
 *   the rest of the file cannot be read
 * @throws Problem('not-found') if there is no such file
 */
export async function* readCustomers(source: ImportSource, mapping: ImportMapping, onLayout?: OnLayout): AsyncGenerator<ReadRow> {
  const file = await openTextFile(source, (evidence) => evidence.decide(mapping.encoding));
  try {
    const layout = await findLayout(file, mapping.delimiter, columnsOf(mapping));
    checkHeader(mapping, layout.header);
    onLayout?.(layout);
    yield* customersOf(readRows(file, layout), layout.header, mapping);
  } finally {
    await file.close();
  }
}

async function* customersOf(rows: AsyncIterable<RawRow>, header: readonly string[], mapping: ImportMapping): AsyncGenerator<ReadRow> {
  let row = 0;
  const lineOf = new Map<string, number>();
  const reasonAt = header.indexOf(rejectReason);
  for await (const { line, lastLine, cells } of rows) {
    row++;
    if (cells.some(isBroken)) {
      yield { line, cells, reason: `goes on to line ${lastLine}: a quotation mark is not closed` };
    } else if (cells.length !== header.length) {
      yield { line, cells, reason: `has ${cells.length} cells, the header has ${header.length}` };
    } else {
      const read = toCustomer(mapping, Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ''])), row);
      const before = 'reason' in read ? undefined : lineOf.get(read.externalId);
      const keepsReason = (cells[reasonAt] ?? '').trim() !== '';
      if (keepsReason) yield { line, cells, ...('reason' in read ? { ...read, reason: stillRejected } : refused(stillRejected, read)) };
      else if ('reason' in read) yield { line, cells, ...read };
      else if (before !== undefined) yield { line, cells, ...refused(`is the same customer as line ${before}`, read) };
      else {
        lineOf.set(read.externalId, line);
        yield { line, cells, customer: read };
      }
    }
  }
}

/**
 * The non-empty rows below the header. Blank cells beyond the header are ignored, because spreadsheets leave them behind. A quotation mark
 * inside an unquoted cell is that character, as in spreadsheets.
 */
export async function* readRows(file: TextFile, { delimiter, linesBefore, header }: Layout): AsyncGenerator<RawRow> {
  let lastLine = 0;
  const parser = parse({
    delimiter,
    record_delimiter: lineEnds,
    from_line: linesBefore + 1,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
    info: true,
    // Reported while rows are parsed: when the parser fails, rows in progress are lost.
    on_record: (record: string[], { lines }) => {
      lastLine = lines;
      return record;
    },
  });
  // Any end closes the whole pipeline; an error in any part of it reaches the loop below through the parser.
  pipeline([Readable.from(file.read()), parser], () => undefined);
  let isHeader = true;
  /** The parser counts a line break of two characters within quotation marks twice. */
  let twice = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const text = record.join('');
      twice += text.split('\r\n').length - 1;
      const last = info.lines - twice;
      const line = last - (text.split(/\r\n|\n|\r/).length - 1);
      if (!isHeader && text.trim() !== '') yield { line, lastLine: last, cells: withoutBlankEnd(record, header.length) };
      isHeader = false;
    }
  } catch (error) {
    throw unreadable(error, lastLine - twice);
  }
}

function withoutBlankEnd(cells: readonly string[], columns: number): readonly string[] {
  return cells.slice(columns).every((cell) => cell.trim() === '') ? cells.slice(0, columns) : cells;
}

/** A quoted cell without a correct end, so that the parser continued into the next lines. */
function isBroken(cell: string): boolean {
  return cell.startsWith('"') && /[\r\n]/.test(cell);
}

/** What to report for an error that ends the reading; other errors stay as they are. */
function unreadable(error: unknown, lastLine: number): unknown {
  const code = codeOf(error);
  const what = errors[code];
  if (what === undefined) return error;
  const remedy = lastLine > 1 ? 'Rows before it may be imported; correct the file and import it again' : undefined;
  return new Problem('invalid', 'The file cannot be read to its end', [{ where: `after line ${lastLine}`, what }], remedy);
}

const errors: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is not closed',
  CSV_MAX_RECORD_SIZE: 'a row is too long: is a quotation mark not closed?',
};
