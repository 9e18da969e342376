import type { BinnedRows } from './bins.js';

/** The columns that a tree looks at, and where the bins of each stand in a histogram: at offsets[i] + 2 x bin. */
export interface HistogramLayout {
  readonly columns: Int32Array;
  readonly offsets: Int32Array;
  /** Numbers in a histogram: two a bin, the sums of first and of second derivatives. */
  readonly length: number;
}

export function layoutOf(columns: readonly number[], binCounts: readonly number[]): HistogramLayout {
  const offsets = new Int32Array(columns.length);
  let length = 0;
  columns.forEach((column, index) => {
    offsets[index] = length;
    length += 2 * (binCounts[column] ?? 0);
  });
  return { columns: Int32Array.from(columns), offsets, length };
}

/** First and second derivatives of the loss by the answer, one a row. */
export interface Gradients {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Adds up the derivatives by column and bin over the rows order[from] to order[to - 1]. */
export function fillHistogram(
  histogram: Float64Array,
  { columns, offsets, length }: HistogramLayout,
  binned: BinnedRows,
  { first, second }: Gradients,
  order: Int32Array,
  from: number,
  to: number,
): void {
  const { values } = binned;
  const width = binned.columns.length;
  const count = columns.length;
  histogram.fill(0, 0, length);
  for (let index = from; index < to; index++) {
    const row = order[index] ?? 0;
    const g = first[row] ?? 0;
    const h = second[row] ?? 0;
    const start = row * width;
    for (let each = 0; each < count; each++) {
      const bin = values[start + (columns[each] ?? 0)] ?? 0;
      const at = (offsets[each] ?? 0) + 2 * bin;
      histogram[at] = (histogram[at] ?? 0) + g;
      histogram[at + 1] = (histogram[at + 1] ?? 0) + h;
    }
  }
}

/** What is left of the parent's histogram without one child's is the other child's; `parent` becomes it. */
export function subtractHistogram(parent: Float64Array, child: Float64Array, length: number): void {
  for (let at = 0; at < length; at++) parent[at] = (parent[at] ?? 0) - (child[at] ?? 0);
}
