import type { BinnedRows } from './bins.js';
import { tableSize, type EnsembleBuilder } from './ensemble.js';
import { fillHistogram, subtractHistogram, type Gradients, type HistogramLayout } from './histogram.js';
import type { BoostingSettings } from './settings.js';
import { answerOf, bestSplit, type NodeSums, type Split } from './split.js';

/** Rows order[from] to order[to - 1] and what is known of them. */
interface OpenLeaf extends NodeSums {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly histogram: Float64Array | undefined;
  readonly split: Split | undefined;
}

/** A leaf of a tree that is done: rows order[from] to order[to - 1] get its answer. */
export interface GrownLeaf {
  readonly from: number;
  readonly to: number;
  readonly answer: number;
}

/** Grows one tree after the other over the same rows, and reuses the memory for it. */
export class TreeGrower {
  private readonly free: Float64Array[] = [];
  private readonly scratch: Int32Array;

  constructor(
    private readonly binned: BinnedRows,
    private readonly gradients: Gradients,
    private readonly settings: BoostingSettings,
    private readonly builder: EnsembleBuilder,
    private readonly histogramLength: number,
  ) {
    this.scratch = new Int32Array(binned.rows);
  }

  /**
   * Adds a tree: the open leaf whose split gains most is divided, until the tree is as large as it may be.
   * @param order the rows to learn from; they are reordered so that those of a leaf stand together
   */
  grow(order: Int32Array, layout: HistogramLayout): { readonly root: number; readonly leaves: GrownLeaf[] } {
    const { first, second } = this.gradients;
    const sums = { first: 0, second: 0, low: -Infinity, high: Infinity };
    for (const row of order) {
      sums.first += first[row] ?? 0;
      sums.second += second[row] ?? 0;
    }
    const root = this.builder.addRoot(this.answerOf(sums), order.length);
    const whole = { ...sums, node: root, from: 0, to: order.length, depth: 0 };
    const histogram = this.maySplit(whole) ? this.histogramOf(layout, order, whole.from, whole.to) : undefined;
    const open: OpenLeaf[] = [this.opened(whole, histogram, layout)];
    while (open.length < this.settings.leaves) {
      const best = open.reduce((at, leaf, index) => ((leaf.split?.gain ?? 0) > (open[at]?.split?.gain ?? 0) ? index : at), 0);
      const leaf = open[best];
      if (leaf?.split === undefined) break;
      open.splice(best, 1, ...this.divide(leaf, leaf.split, order, layout, open.length + 2 <= this.settings.leaves));
    }
    for (const { histogram: unused } of open) if (unused !== undefined) this.free.push(unused);
    return { root, leaves: open.map((leaf) => ({ from: leaf.from, to: leaf.to, answer: this.answerOf(leaf) })) };
  }

  private answerOf({ first, second, low, high }: NodeSums): number {
    return this.settings.rate * answerOf(first, second, this.settings.l2, low, high);
  }

  private maySplit({ depth, second }: Pick<OpenLeaf, 'depth' | 'second'>): boolean {
    return depth < this.settings.depth && second >= 2 * this.settings.minChildWeight;
  }

  private opened(leaf: Omit<OpenLeaf, 'histogram' | 'split'>, histogram: Float64Array | undefined, layout: HistogramLayout): OpenLeaf {
    if (histogram === undefined) return { ...leaf, histogram, split: undefined };
    const split = bestSplit(histogram, layout, this.binned.columns, leaf, this.settings);
    if (split !== undefined) return { ...leaf, histogram, split };
    this.free.push(histogram);
    return { ...leaf, histogram: undefined, split };
  }

  private divide(leaf: OpenLeaf, split: Split, order: Int32Array, layout: HistogramLayout, more: boolean): [OpenLeaf, OpenLeaf] {
    const table = this.builder.tableFor(split);
    const middle = this.partition(order, leaf.from, leaf.to, split.column, table);
    const sums = this.sumsOfChildren(leaf, split);
    const depth = leaf.depth + 1;
    const parts = [
      { ...sums[0], depth, from: leaf.from, to: middle },
      { ...sums[1], depth, from: middle, to: leaf.to },
    ] as const;
    const node = this.builder.split(leaf.node, split.column, table, [
      { answer: this.answerOf(parts[0]), cover: middle - leaf.from },
      { answer: this.answerOf(parts[1]), cover: leaf.to - middle },
    ]);
    const histograms = this.histogramsOfChildren(leaf, parts, order, layout, more);
    return [this.opened({ ...parts[0], node }, histograms[0], layout), this.opened({ ...parts[1], node: node + 1 }, histograms[1], layout)];
  }

  /** Children of a monotone split answer on their side of the middle, whatever is split below them. */
  private sumsOfChildren(node: NodeSums, { column, leftFirst, leftSecond }: Split): [NodeSums, NodeSums] {
    const { low, high } = node;
    const left = { first: leftFirst, second: leftSecond, low, high };
    const right = { first: node.first - leftFirst, second: node.second - leftSecond, low, high };
    const direction = this.settings.monotone[this.binned.columns[column]?.name ?? ''];
    if (direction === undefined) return [left, right];
    const { l2 } = this.settings;
    const middle = (answerOf(left.first, left.second, l2, low, high) + answerOf(right.first, right.second, l2, low, high)) / 2;
    const below = { low, high: middle };
    const above = { low: middle, high };
    return direction === 1
      ? [
          { ...left, ...below },
          { ...right, ...above },
        ]
      : [
          { ...left, ...above },
          { ...right, ...below },
        ];
  }

  /** Counts the smaller child; the larger one is what is left of the parent. */
  private histogramsOfChildren(
    parent: OpenLeaf,
    [left, right]: readonly [Omit<OpenLeaf, 'node' | 'histogram' | 'split'>, Omit<OpenLeaf, 'node' | 'histogram' | 'split'>],
    order: Int32Array,
    layout: HistogramLayout,
    more: boolean,
  ): [Float64Array | undefined, Float64Array | undefined] {
    if (parent.histogram === undefined) return [undefined, undefined];
    const wanted = [more && this.maySplit(left), more && this.maySplit(right)] as const;
    if (!wanted[0] && !wanted[1]) {
      this.free.push(parent.histogram);
      return [undefined, undefined];
    }
    const leftIsSmaller = left.to - left.from <= right.to - right.from;
    const { from, to } = leftIsSmaller ? left : right;
    const small = this.histogramOf(layout, order, from, to);
    subtractHistogram(parent.histogram, small, layout.length);
    const [ofLeft, ofRight] = leftIsSmaller ? [small, parent.histogram] : [parent.histogram, small];
    if (!wanted[0]) this.free.push(ofLeft);
    if (!wanted[1]) this.free.push(ofRight);
    return [wanted[0] ? ofLeft : undefined, wanted[1] ? ofRight : undefined];
  }

  private histogramOf(layout: HistogramLayout, order: Int32Array, from: number, to: number): Float64Array {
    const histogram = this.free.pop() ?? new Float64Array(this.histogramLength);
    fillHistogram(histogram, layout, this.binned, this.gradients, order, from, to);
    return histogram;
  }

  /** Puts the rows that go left before those that go right, each in their order. @returns where those that go right begin */
  private partition(order: Int32Array, from: number, to: number, column: number, table: number): number {
    const { values, columns } = this.binned;
    const directions = this.builder.directions;
    const width = columns.length;
    const start = table * tableSize;
    const { scratch } = this;
    let left = from;
    let right = 0;
    for (let index = from; index < to; index++) {
      const row = order[index] ?? 0;
      const goesRight = directions[start + (values[row * width + column] ?? 0)] ?? 0;
      // Both are written and one is kept: a branch here would be guessed wrong half of the time.
      order[left] = row;
      scratch[right] = row;
      left += 1 - goesRight;
      right += goesRight;
    }
    order.set(scratch.subarray(0, right), left);
    return left;
  }
}
