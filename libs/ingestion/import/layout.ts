import { parse } from 'csv-parse/sync';
import { Problem } from '../../platform/problem.js';
import type { TextFile } from './text-file.js';

/** The layout of a file's rows. */
export interface Layout {
  /** The delimiter between cells. */
  readonly delimiter: string;
  /** Lines before the header: Excel's `sep=;`. */
  readonly linesBefore: number;
  readonly header: readonly string[];
}

/** The possible delimiters, the more likely first. */
const delimiters = [',', ';', '\t', '|'] as const;
/** Characters; no header is as long. */
const headLength = 256 * 1024;
const hint = /^sep=(.)\r?\n?/i;

/** The line ends of files; old Macs wrote only \r. */
export const lineEnds = ['\r\n', '\n', '\r'];

/**
 * Reads the delimiter and the header from the first lines of a file.
 * @param said the delimiter in the mapping
 * @param columns those that the header must have
 * @throws Problem('invalid') if the file has another delimiter than the mapping, or is empty
 */
export async function findLayout(file: TextFile, said: string | undefined, columns: ReadonlySet<string> = new Set()): Promise<Layout> {
  const head = await headOf(file);
  const hinted = hint.exec(head)?.[1];
  const text = hinted === undefined ? head : head.replace(hint, '').replace(/^[\r\n]/, '');
  if (text.trim() === '') throw new Problem('invalid', 'The file is empty', [], 'It needs a header line');
  const options = [...new Set([said ?? hinted ?? ',', ...delimiters])].map((delimiter) => ({
    delimiter,
    header: headerOf(text, delimiter),
  }));
  const fits = ({ header }: { header: readonly string[] }): boolean => [...columns].every((column) => header.includes(column));
  const fitting = columns.size === 0 ? undefined : options.find(fits);
  const wanted = options.find(({ delimiter }) => delimiter === said);
  if (wanted !== undefined && fitting !== undefined && !fits(wanted)) {
    throw new Problem(
      'invalid',
      `The cells of this file are separated by ${nameOf(fitting.delimiter)}, and the mapping says ${nameOf(wanted.delimiter)}`,
      [],
      `Nothing was imported. Write delimiter: ${inYaml(fitting.delimiter)} in the mapping.`,
    );
  }
  const most = options.reduce((best, each) => (each.header.length > best.header.length ? each : best));
  const chosen = wanted ?? fitting ?? (hinted === undefined ? most : (options[0] ?? most));
  return { ...chosen, linesBefore: hinted === undefined ? 0 : 1 };
}

/** The additional column of a file of rejected rows; it may be there when the file is imported again. */
export const rejectReason = 'rejected because';

/** Why a row of a rejects file is skipped again: it is not marked as fixed. */
export const stillRejected = `still has its reason: fix the row, then empty its cell under "${rejectReason}"`;

/** A name as columns are compared: white space of any kind is one space, and none at the ends. */
export function asColumn(name: string): string {
  return name
    .replace(/[\s\p{Z}\u200b\ufeff]+/gu, ' ')
    .trim()
    .normalize('NFC');
}

/** `';'`, as it is written in a mapping. */
export function inYaml(delimiter: string): string {
  return delimiter === '\t' ? 'tab' : `'${delimiter}'`;
}

function nameOf(delimiter: string): string {
  return delimiter === '\t' ? 'a tab' : `"${delimiter}"`;
}

async function headOf(file: TextFile): Promise<string> {
  let head = '';
  for await (const piece of file.read()) {
    head += piece;
    if (head.length >= headLength) break;
  }
  return head.slice(0, headLength);
}

/** The first row; missing names at its end are not columns, because spreadsheets leave them behind. */
function headerOf(text: string, delimiter: string): string[] {
  const cells = firstRow(text, delimiter).map(asColumn);
  return cells.slice(0, cells.findLastIndex((name) => name !== '') + 1);
}

function firstRow(text: string, delimiter: string): string[] {
  try {
    const options = { delimiter, record_delimiter: lineEnds, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, to: 1 };
    return parse(text, options)[0] ?? [];
  } catch {
    return [];
  }
}
