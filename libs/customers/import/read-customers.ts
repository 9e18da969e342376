import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { Problem } from '../../platform/problem.js';
import { refused, toCustomer, type ImportedCustomer, type RefusedRow } from './imported-customer.js';
import { checkHeader, type ImportMapping } from './mapping.js';

/** Where a file comes from: a path (`.gz` is unpacked), or its text as a stream. */
export type ImportSource = { readonly path: string } | { readonly stream: Readable };

/** One row that was read, or why it could not be. Lines count from 1, the header is one. */
export type ReadRow = { readonly line: number; readonly customer: ImportedCustomer } | ({ readonly line: number } & RefusedRow);

/** Cells in the order of the header; `line` is where they begin, `lastLine` where they end. */
interface RawRow {
  readonly line: number;
  readonly lastLine: number;
  readonly cells: readonly string[];
}

const longestRow = 256 * 1024;

/**
 * Reads the customers of a CSV file, one after the other, without holding the file in memory.
 * @throws Problem('invalid') before the first row where the header does not fit the mapping; later where the file cannot be read on
 * @throws Problem('not-found') where there is no such file
 */
export async function* readCustomers(source: ImportSource, mapping: ImportMapping): AsyncGenerator<ReadRow> {
  let header: readonly string[] | undefined;
  let row = 0;
  const lineOf = new Map<string, number>();
  for await (const raw of readRows(source, mapping.delimiter)) {
    if (header === undefined) {
      header = raw.cells.map((cell) => cell.trim());
      checkHeader(mapping, header);
      continue;
    }
    row++;
    const { line } = raw;
    if (raw.cells.some(isBroken)) {
      yield { line, reason: `goes on to line ${raw.lastLine}: a quotation mark is not closed` };
    } else if (raw.cells.length !== header.length) {
      yield { line, reason: `has ${raw.cells.length} cells, the header has ${header.length}` };
    } else {
      const read = toCustomer(mapping, Object.fromEntries(header.map((column, index) => [column, raw.cells[index] ?? ''])), row);
      if ('reason' in read) {
        yield { line, ...read };
      } else {
        const before = lineOf.get(read.externalId);
        if (before === undefined) lineOf.set(read.externalId, line);
        yield { line, ...(before === undefined ? { customer: read } : refused(`is the same customer as line ${before}`, read)) };
      }
    }
  }
  if (header === undefined) throw new Problem('invalid', 'The file is empty', [], 'It needs a header line');
}

/** Rows as cells. A quotation mark inside a cell that is not quoted is that character, as spreadsheets take it. */
async function* readRows(source: ImportSource, delimiter: string): AsyncGenerator<RawRow> {
  let lastLine = 0;
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
    info: true,
    // Told as rows are parsed: when the parser fails, those that were still under way are lost with it.
    on_record: (record: string[], { lines }) => {
      lastLine = lines;
      return record;
    },
  });
  // Any end closes the whole pipeline; a fault in any part of it reaches the loop below through the parser.
  pipeline([...open(source), parser], () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      yield { line: info.lines - breaks, lastLine: info.lines, cells: record };
    }
  } catch (error) {
    throw unreadable(error, lastLine);
  }
}

/** A quoted cell that the parser could not end where it should have, so that it ran on into the next lines. */
function isBroken(cell: string): boolean {
  return cell.startsWith('"') && cell.includes('\n');
}

function open(source: ImportSource): readonly [Readable, ...NodeJS.ReadWriteStream[]] {
  if ('stream' in source) return [source.stream];
  const file = createReadStream(source.path);
  return source.path.endsWith('.gz') ? [file, createGunzip()] : [file];
}

/** What to tell of a fault that ends the reading; other errors stay what they are. */
function unreadable(error: unknown, lastLine: number): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const fault = faults.find(({ codes }) => codes.test(code));
  if (fault === undefined) return error;
  const places = fault.kind === 'invalid' ? [{ where: `after line ${lastLine}`, what: fault.what }] : [];
  const remedy = lastLine > 1 ? 'Rows before it may be imported; correct the file and import it again' : undefined;
  return new Problem(fault.kind, fault.title, places, remedy);
}

const faults = [
  { codes: /^ENOENT$/, kind: 'not-found', title: 'There is no such file', what: '' },
  { codes: /^Z_/, kind: 'invalid', title: 'The file cannot be unpacked', what: 'it is not gzip, or it is cut off' },
  { codes: /^CSV_QUOTE_NOT_CLOSED$/, kind: 'invalid', title: 'The file cannot be read to its end', what: 'a quotation mark is not closed' },
  {
    codes: /^CSV_MAX_RECORD_SIZE$/,
    kind: 'invalid',
    title: 'The file cannot be read to its end',
    what: 'a row is too long: is a quotation mark not closed?',
  },
] as const;
