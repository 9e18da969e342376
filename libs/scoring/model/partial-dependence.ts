import {
  missing,
  pickRows,
  unseen,
  withColumn,
  type CategoryColumn,
  type DataColumn,
  type DataMatrix,
  type NumberColumn,
} from './data/data-matrix.js';

/** What is scored on average when a column has this value in all rows; null where it is missing. */
export interface Dependence {
  readonly value: number | string | null;
  readonly score: number;
  /** The share of rows that have it; of numbers, those that are nearer to it than to the other values. */
  readonly share: number;
}

const mostRows = 500;
const points = 20;
const mostWords = 30;

/**
 * How scores depend on one column alone: its values in turn are given to all rows, and their scores averaged (Friedman 2001: Greedy
 * function approximation, 8.2). At the quantiles of a number; at its values where it has few; at the most frequent categories.
 * @param score such as `(rows) => likelihoodsOf(classifier, rows)`
 * @throws RangeError where there is no such column
 */
export function partialDependence(score: (matrix: DataMatrix) => Float64Array, matrix: DataMatrix, name: string): Dependence[] {
  const column = matrix.columns.find((each) => each.name === name);
  if (column === undefined) throw new RangeError(`There is no column ${name}`);
  const step = Math.max(1, Math.ceil(matrix.rows / mostRows));
  const rows = pickRows(
    matrix,
    Uint32Array.from({ length: Math.ceil(matrix.rows / step) }, (_, index) => index * step),
  );
  const mean = (replacement: DataColumn): number => {
    const scores = score(withColumn(rows, replacement));
    return scores.reduce((sum, each) => sum + each, 0) / scores.length;
  };
  const constant = (value: number): DataColumn =>
    column.type === 'number'
      ? { ...column, values: new Float64Array(rows.rows).fill(value) }
      : { ...column, codes: new Int32Array(rows.rows).fill(value) };
  const grid = column.type === 'number' ? numberGrid(column) : categoryGrid(column);
  return grid.map(({ value, code, count }) => ({ value, score: mean(constant(code)), share: count / matrix.rows }));
}

interface Point {
  readonly value: number | string | null;
  readonly code: number;
  readonly count: number;
}

function numberGrid({ values }: NumberColumn): Point[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = [...new Set(known)];
  const quantiles = Array.from({ length: points }, (_, index) => known[Math.round((index * (known.length - 1)) / (points - 1))] ?? 0);
  const grid = distinct.length <= points ? distinct : [...new Set(quantiles)];
  const counts = grid.map(() => 0);
  let nearest = 0;
  for (const value of known) {
    const distance = (place: number): number => Math.abs((grid[place] ?? Infinity) - value);
    while (distance(nearest + 1) <= distance(nearest) && nearest + 1 < grid.length) nearest++;
    counts[nearest] = (counts[nearest] ?? 0) + 1;
  }
  const without = values.length - known.length;
  const ofMissing = without === 0 ? [] : [{ value: null, code: NaN, count: without }];
  return [...grid.map((value, place) => ({ value, code: value, count: counts[place] ?? 0 })), ...ofMissing];
}

function categoryGrid({ codes, words }: CategoryColumn): Point[] {
  const counts = new Map<number, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .filter(([code]) => code !== unseen)
    .sort(([a, more], [b, fewer]) => fewer - more || a - b)
    .slice(0, mostWords)
    .map(([code, count]) => ({ value: code === missing ? null : (words[code] ?? null), code, count }));
}
