import type { DataColumn } from '../data/data-matrix.js';
import type { ColumnBins } from './bins.js';

/**
 * Writes the bins of the rows `from` to `to - 1` of a column: of the first row into[at], of the next one into[at + step].
 * @throws TypeError where the column is not of the type that the bins are for
 */
export type BinFinder = (
  column: DataColumn | undefined,
  range: { readonly from: number; readonly to: number },
  into: Uint8Array,
  at: number,
  step: number,
) => void;

/** Finds bins of many rows: what can be prepared is prepared once. */
export function finderOf(bins: ColumnBins): BinFinder {
  if (bins.type === 'number') {
    const grid = gridOf(Float64Array.from(bins.cuts));
    return (column, { from, to }, into, at, step) => {
      if (column?.type !== 'number') throw wrongType(bins);
      binNumbers(column.values, from, to, grid, into, at, step);
    };
  }
  const binOf = Uint8Array.from(bins.binOf);
  return (column, { from, to }, into, at, step) => {
    if (column?.type !== 'category') throw wrongType(bins);
    binCategories(column.codes, from, to, binOf, into, at, step);
  };
}

const wrongType = ({ name }: ColumnBins): TypeError => new TypeError(`Column ${name} is not of the type that the model learnt from`);

/**
 * Cells of equal width over the range of the cuts. The cuts below a cell and those within it are known, so that few are left to search
 * through; which cell a number is in may be rounded, but never so that a greater number is in a lower cell.
 */
interface Grid {
  readonly cuts: Float64Array;
  readonly low: number;
  readonly cellsPerUnit: number;
  /** How many cuts lie in the cells before each one. */
  readonly before: Uint8Array;
}

const cells = 16384;

function gridOf(cuts: Float64Array): Grid {
  const low = cuts[0] ?? 0;
  const range = (cuts.at(-1) ?? 0) - low;
  const cellsPerUnit = range > 0 && Number.isFinite(cells / range) ? (cells - 1) / range : 0;
  const before = new Uint8Array(cells + 1);
  for (const cut of cuts) {
    const next = cellOf(cut, low, cellsPerUnit) + 1;
    before[next] = (before[next] ?? 0) + 1;
  }
  for (let cell = 1; cell <= cells; cell++) before[cell] = (before[cell] ?? 0) + (before[cell - 1] ?? 0);
  return { cuts, low, cellsPerUnit, before };
}

function cellOf(value: number, low: number, cellsPerUnit: number): number {
  return Math.min(cells - 1, Math.max(0, (value - low) * cellsPerUnit)) | 0;
}

function binNumbers(
  values: Float64Array,
  from: number,
  to: number,
  { cuts, low, cellsPerUnit, before }: Grid,
  into: Uint8Array,
  at: number,
  step: number,
): void {
  let place = at;
  for (let row = from; row < to; row++) {
    const value = values[row] ?? NaN;
    const cell = cellOf(value, low, cellsPerUnit);
    let first = before[cell] ?? 0;
    let last = before[cell + 1] ?? 0;
    while (first < last) {
      const middle = (first + last) >> 1;
      if ((cuts[middle] ?? 0) < value) first = middle + 1;
      else last = middle;
    }
    into[place] = Number.isNaN(value) ? 0 : first + 1;
    place += step;
  }
}

function binCategories(codes: Int32Array, from: number, to: number, binOf: Uint8Array, into: Uint8Array, at: number, step: number): void {
  let place = at;
  for (let row = from; row < to; row++) {
    const code = codes[row] ?? -1;
    into[place] = code < 0 ? 0 : (binOf[code] ?? 0);
    place += step;
  }
}
