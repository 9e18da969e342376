import { stringify, type Stringifier } from 'csv-stringify';

/** What a spreadsheet may trim before it looks for a formula: white space and characters that cannot be seen. */
const trimmed = String.raw`[\s\p{Z}\p{Cc}\p{Cf}]`;
const formula = new RegExp(`^${trimmed}+[-=+@＝＋－＠]`, 'u');

/**
 * Turns rows into CSV (RFC 4180, UTF-8, with a header), one at a time. A text that a spreadsheet could take for a formula
 * gets an apostrophe before it; numbers stay numbers.
 * @param columns the fields of a row, in the order of the file; their names are the header
 */
export function toCsv(columns: readonly string[]): Stringifier {
  return stringify({
    columns: columns.map((key) => ({ key })),
    header: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: {
      // csv-stringify looks at the first character only.
      string: (text) => (formula.test(text) ? `'${text}` : text),
      date: (at) => at.toISOString(),
      boolean: String,
    },
  });
}
