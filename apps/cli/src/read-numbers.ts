import { cleanId, cleanText } from '../../../libs/channels/address/clean-text.js';
import type { EncodingEvidence } from '../../../libs/ingestion/import/file-encoding.js';
import { findLayout } from '../../../libs/ingestion/import/layout.js';
import { readRows } from '../../../libs/ingestion/import/read-customers.js';
import { openTextFile } from '../../../libs/ingestion/import/text-file.js';
import { Problem } from '../../../libs/platform/problem.js';

/** First lines that are a header and not a number. */
const headers = ['external_id', 'externalid', 'customer', 'customer_id', 'customerid', 'id', 'number', 'customer number'];

/**
 * Reads the customers' numbers from a CSV file of any size. The file is read like in an import: plain or gzip, UTF-8 or with a byte order
 * mark, any delimiter; numbers are cleaned like in an import.
 * @param size of a page
 * @param column its name in the header; the first column otherwise, whose header, if there is one, is left out
 * @throws Problem invalid if the file cannot be read like this, not-found if there is none
 */
export async function* readNumbers(path: string, size: number, column?: string): AsyncGenerator<string[]> {
  const file = await openTextFile({ path }, encodingHint);
  const layout = await findLayout(file, undefined);
  const at = column === undefined ? 0 : columnAt(layout.header, column);
  const first = cleanId(layout.header[0] ?? '');
  const isHeader = column !== undefined || headers.includes(first.toLowerCase());
  let page = isHeader || first === '' ? [] : [first];
  for await (const { cells } of readRows(file, layout)) {
    const number = cleanId(cells[at] ?? '');
    if (number !== '') page.push(number);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** There is no mapping that could state it. */
function encodingHint(evidence: EncodingEvidence): string {
  try {
    return evidence.decide(undefined);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(error.kind, error.title, error.places, 'Save it as CSV in UTF-8.');
  }
}

function columnAt(header: readonly string[], column: string): number {
  const plain = (name: string): string => cleanText(name).toLowerCase();
  const at = header.findIndex((name) => plain(name) === plain(column));
  if (at >= 0) return at;
  throw new Problem('invalid', 'The file lacks a column', [
    { where: column, what: `is not one of its columns, which are ${header.join(', ')}` },
  ]);
}
