import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { Problem } from '../../../libs/platform/problem.js';

/** First lines that are a header and no number. */
const headers = ['external_id', 'externalid', 'customer', 'customer_id', 'customerid', 'id', 'number', 'customer number'];

/**
 * Reads the customers' numbers out of a CSV file, however large: UTF-8, separated by comma, semicolon or tab.
 * @param size of a page
 * @param column its name in the header; the first column otherwise, whose header, if there is one, is left out
 * @throws Problem invalid where the file cannot be read so
 */
export async function* readNumbers(path: string, size: number, column?: string): AsyncGenerator<string[]> {
  const rows = createReadStream(path).pipe(
    parse({ bom: true, delimiter: [',', ';', '\t'], relax_column_count: true, relax_quotes: true, skip_empty_lines: true, trim: true }),
  );
  let page: string[] = [];
  let at: number | undefined;
  for await (const row of rows as AsyncIterable<string[]>) {
    if (at === undefined) {
      at = column === undefined ? 0 : row.findIndex((name) => name.toLowerCase() === column.toLowerCase());
      if (at < 0) throw wrong(path, `has no column ${String(column)}; it has ${row.join(', ')}`);
      if (column !== undefined || headers.includes((row[0] ?? '').toLowerCase())) continue;
    }
    const number = row[at] ?? '';
    if (number.includes('\ufffd') || number.includes('\0')) throw wrong(path, 'is not UTF-8; save it as CSV UTF-8');
    if (number !== '') page.push(number);
    if (page.length === size) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

const wrong = (path: string, what: string): Problem => new Problem('invalid', 'The file cannot be read', [{ where: path, what }]);
