import type { DataMatrix } from '../data/data-matrix.js';
import { finderOf } from './find-bins.js';

/**
 * How a column becomes small integers. Bin 0 is for missing values, and for categories that are rare or were never seen. Numbers up to and
 * including `cuts[0]` are in bin 1, those above the last cut in the last bin. `binOf[code]` is the bin of a category.
 */
export type ColumnBins =
  | { readonly type: 'number'; readonly name: string; readonly cuts: readonly number[] }
  | { readonly type: 'category'; readonly name: string; readonly binOf: readonly number[] };

/** Rows as bins, one row after the other: `values[row * columns + column]`. */
export interface BinnedRows {
  readonly rows: number;
  readonly columns: readonly ColumnBins[];
  readonly values: Uint8Array;
}

/** A category of fewer rows than this is treated as missing. */
export const leastOfACategory = 10;
const mostForQuantiles = 32_000;

/** Chooses the bins: at quantiles where a number has many values, between its values where it has few. */
export function fitBins(matrix: DataMatrix, most: number): ColumnBins[] {
  return matrix.columns.map((column) => {
    if (column.type === 'number') return { type: 'number', name: column.name, cuts: [...cutsOf(column.values, most - 1)] };
    const counts = new Float64Array(column.words.length);
    for (const code of column.codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
    const frequent = [...counts.keys()].filter((code) => (counts[code] ?? 0) >= leastOfACategory);
    const kept = frequent.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b).slice(0, most - 1);
    const binOf = new Array<number>(column.words.length).fill(0);
    kept.sort((a, b) => a - b).forEach((code, index) => (binOf[code] = index + 1));
    return { type: 'category', name: column.name, binOf };
  });
}

/** How many bins a column has, the one for missing values included. */
export function binCount(column: ColumnBins): number {
  if (column.type === 'number') return column.cuts.length + 2;
  return column.binOf.reduce((most, bin) => Math.max(most, bin), 0) + 1;
}

/** @param matrix with the columns of `bins`, in their order */
export function binRows(matrix: DataMatrix, bins: readonly ColumnBins[]): BinnedRows {
  const values = new Uint8Array(matrix.rows * bins.length);
  bins.forEach((column, index) => {
    finderOf(column)(matrix.columns[index], { from: 0, to: matrix.rows }, values, index, bins.length);
  });
  return { rows: matrix.rows, columns: bins, values };
}

/** At most `most - 1` cuts, for bins of about equal count; a value that is frequent enough to fill a bin gets its own. */
function cutsOf(values: Float64Array, most: number): Float64Array {
  const sorted = sortedSample(values);
  const starts = [...sorted.keys()].filter((at) => at === 0 || sorted[at] !== sorted[at - 1]);
  if (starts.length <= 1) return new Float64Array();
  const cuts: number[] = [];
  let binStart = 0;
  for (let index = 0; index < starts.length - 1 && cuts.length < most - 1; index++) {
    const [start = 0, end = 0, next = sorted.length] = [starts[index], starts[index + 1], starts[index + 2]];
    const enough = starts.length <= most ? 1 : (sorted.length - binStart) / (most - cuts.length);
    if (end - binStart < enough && next - end < enough) continue;
    cuts.push(between(sorted[start] ?? 0, sorted[end] ?? 0));
    binStart = end;
  }
  return Float64Array.from(cuts);
}

function sortedSample(values: Float64Array): Float64Array {
  const stride = Math.max(1, Math.floor(values.length / mostForQuantiles));
  const sample = new Float64Array(Math.ceil(values.length / stride));
  let count = 0;
  for (let row = 0; row < values.length; row += stride) {
    const value = values[row] ?? NaN;
    if (!Number.isNaN(value)) sample[count++] = value;
  }
  return sample.subarray(0, count).sort();
}

/** A number from a up to, but not including, b. */
function between(a: number, b: number): number {
  const middle = a + (b - a) / 2;
  return middle < b ? middle : a;
}
