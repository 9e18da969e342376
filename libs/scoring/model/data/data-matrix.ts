/** A column of numbers; NaN where the number is missing. A flag is 0 or 1. */
export interface NumberColumn {
  readonly type: 'number';
  readonly name: string;
  readonly values: Float64Array;
}

/** A column of categories as indices into `words`; `missing` where there is no value, `unseen` where it is not one of `words`. */
export interface CategoryColumn {
  readonly type: 'category';
  readonly name: string;
  readonly codes: Int32Array;
  readonly words: readonly string[];
}

export type DataColumn = NumberColumn | CategoryColumn;

/** What all models learn from and score: named columns of the same length. */
export interface DataMatrix {
  readonly rows: number;
  readonly columns: readonly DataColumn[];
}

/** What a model remembers of the columns that it learnt from. */
export type ColumnShape =
  { readonly type: 'number'; readonly name: string } | { readonly type: 'category'; readonly name: string; readonly words: readonly string[] };

export const missing = -1;
export const unseen = -2;

/** @throws RangeError where the columns differ in length, or two have one name */
export function dataMatrix(columns: readonly DataColumn[]): DataMatrix {
  const rows = columns[0] === undefined ? 0 : lengthOf(columns[0]);
  const odd = columns.find((column) => lengthOf(column) !== rows);
  if (odd !== undefined) throw new RangeError(`Column ${odd.name} has ${lengthOf(odd)} rows, the first column has ${rows}`);
  const names = new Set(columns.map(({ name }) => name));
  if (names.size < columns.length) throw new RangeError('Two columns have the same name');
  return { rows, columns };
}

/** A column of numbers; what is not a finite number is missing, true is 1, false is 0. */
export function numberColumn(name: string, values: readonly unknown[]): NumberColumn {
  const toNumber = (value: unknown): number => {
    if (typeof value === 'boolean') return value ? 1 : 0;
    return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
  };
  return { type: 'number', name, values: Float64Array.from(values, toNumber) };
}

/**
 * A column of categories; what is not text is missing.
 * @param words the known categories; without them, all that occur, sorted
 */
export function categoryColumn(name: string, values: readonly unknown[], words?: readonly string[]): CategoryColumn {
  const known = words ?? [...new Set(values.filter((value) => typeof value === 'string'))].sort();
  const codeOf = new Map(known.map((word, code) => [word, code]));
  const codes = Int32Array.from(values, (value) => (typeof value === 'string' ? (codeOf.get(value) ?? unseen) : missing));
  return { type: 'category', name, codes, words: known };
}

export function shapeOf({ columns }: DataMatrix): ColumnShape[] {
  return columns.map((column) =>
    column.type === 'number'
      ? { type: 'number', name: column.name }
      : { type: 'category', name: column.name, words: column.words },
  );
}

/**
 * The columns that a model learnt from, in its order and with its categories. A column that is not there, or is there in the other
 * type, is missing in all rows; a category that the model does not know is `unseen`.
 */
export function withShape(matrix: DataMatrix, shapes: readonly ColumnShape[]): DataMatrix {
  const byName = new Map(matrix.columns.map((column) => [column.name, column]));
  return { rows: matrix.rows, columns: shapes.map((shape) => columnOfShape(byName.get(shape.name), shape, matrix.rows)) };
}

/** Some of the rows, in this order. */
export function pickRows({ columns }: DataMatrix, rows: Uint32Array): DataMatrix {
  const picked = columns.map((column): DataColumn => {
    if (column.type === 'number') return { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? NaN) };
    return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] ?? missing) };
  });
  return { rows: rows.length, columns: picked };
}

/** The same rows with one column replaced by another of its name. */
export function withColumn({ rows, columns }: DataMatrix, replacement: DataColumn): DataMatrix {
  return { rows, columns: columns.map((column) => (column.name === replacement.name ? replacement : column)) };
}

function lengthOf(column: DataColumn): number {
  return column.type === 'number' ? column.values.length : column.codes.length;
}

function columnOfShape(column: DataColumn | undefined, shape: ColumnShape, rows: number): DataColumn {
  if (shape.type === 'number') {
    return column?.type === 'number' ? column : { ...shape, values: new Float64Array(rows).fill(NaN) };
  }
  if (column?.type !== 'category') return { ...shape, codes: new Int32Array(rows).fill(missing) };
  if (column.words === shape.words) return column;
  const codeOf = new Map(shape.words.map((word, code) => [word, code]));
  const recoded = column.words.map((word) => codeOf.get(word) ?? unseen);
  return { ...shape, codes: column.codes.map((code) => (code < 0 ? code : (recoded[code] ?? unseen))) };
}
