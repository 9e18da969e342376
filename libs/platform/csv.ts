import { stringify, type Stringifier } from 'csv-stringify';

/** What a spreadsheet may trim before it looks for a formula: white space and invisible characters. */
const trimmed = String.raw`[\s\p{Z}\p{Cc}\p{Cf}]`;
const formula = new RegExp(`^${trimmed}*[-=+@＝＋－＠]`, 'u');
/** What begins a cell if a program separates cells by another character than a comma. */
const laterFormula = new RegExp(String.raw`([;|"])(?=${trimmed}*[-=+@＝＋－＠])`, 'gu');
/** One row is one line: programs that read line by line would read the text after a line break as another row. */
const lineBreaks = /[\r\n\v\f\t\u0085\u2028\u2029]+/g;

/** A text that no spreadsheet reads as a formula, whichever character it separates cells by. */
export function harmless(text: string): string {
  const line = text.replace(lineBreaks, ' ').replace(laterFormula, "$1'");
  return formula.test(line) ? `'${line}` : line;
}

/**
 * Turns rows into CSV (RFC 4180, UTF-8, with a header), one at a time, each on one line. A text that a spreadsheet could take for
 * a formula gets an apostrophe before it; numbers stay numbers.
 * @param columns the fields of a row, in the order of the file; their names are the header
 */
export function toCsv(columns: readonly string[]): Stringifier {
  return stringify({
    columns: columns.map((key) => ({ key })),
    header: true,
    record_delimiter: 'windows',
    cast: {
      string: harmless,
      date: (at) => at.toISOString(),
      boolean: String,
    },
  });
}
