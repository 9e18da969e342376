import type { ColumnBins } from './bins.js';
import type { HistogramLayout } from './histogram.js';
import type { BoostingSettings } from './settings.js';

/** How a node divides its rows: by bin, the first `bin` bins or the bins in `set` to the left. */
export interface Split {
  readonly column: number;
  /** Of numbers: the last bin that goes left. */
  readonly bin: number;
  /** Of categories: 1 for each bin that goes left, 2 for each that goes right, 0 where no row of the node has it. */
  readonly set: Uint8Array | undefined;
  /** Where missing values go. */
  readonly missingLeft: boolean;
  readonly gain: number;
  /** Sums of first and second derivatives of the left child. */
  readonly leftFirst: number;
  readonly leftSecond: number;
}

/** The sums of derivatives in a node, and the bounds that monotone splits above it set on its answer. */
export interface NodeSums {
  readonly first: number;
  readonly second: number;
  readonly low: number;
  readonly high: number;
}

/** Sums of second derivatives below this are what rounding leaves of nothing when histograms are subtracted. */
const nothing = 1e-9;
const manyCategories = 4;

/** The answer of a leaf that lowers the loss most (Chen and Guestrin 2016, XGBoost, equation 5), within the node's bounds. */
export function answerOf(first: number, second: number, l2: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, -first / (second + l2)));
}

/** By how much a leaf with this answer lowers the loss, doubled (the same, equation 4). */
function worth(first: number, second: number, l2: number, answer: number): number {
  return -(2 * first * answer + (second + l2) * answer * answer);
}

/** The split of a node that gains most (Chen and Guestrin 2016, equation 7); undefined where none gains enough. */
export function bestSplit(
  histogram: Float64Array,
  layout: HistogramLayout,
  columns: readonly ColumnBins[],
  node: NodeSums,
  settings: BoostingSettings,
): Split | undefined {
  if (node.second < 2 * settings.minChildWeight) return undefined;
  const search = new SplitSearch(node, settings);
  layout.columns.forEach((column, index) => {
    const bins = columns[column];
    if (bins === undefined) return;
    const start = layout.offsets[index] ?? 0;
    const end = index + 1 < layout.offsets.length ? (layout.offsets[index + 1] ?? 0) : layout.length;
    const own = histogram.subarray(start, end);
    if (bins.type === 'number') search.numbers(own, column, settings.monotone[bins.name] ?? 0);
    else search.categories(own, column);
  });
  return search.best;
}

/** Looks through one column after the other and remembers the best split. */
class SplitSearch {
  best: Split | undefined;
  private leastGain: number;
  private readonly bounded: boolean;

  constructor(
    private readonly node: NodeSums,
    private readonly settings: BoostingSettings,
  ) {
    this.leastGain = Math.max(settings.minGain, 1e-12);
    this.bounded = node.low > -Infinity || node.high < Infinity;
  }

  /** Tries each cut, with the missing values on either side where there are any; and these against all others. */
  numbers(histogram: Float64Array, column: number, direction: number): void {
    const last = histogram.length / 2 - 1;
    const anyMissing = (histogram[1] ?? 0) > nothing;
    const own = this.worthOfNode(0);
    for (let side = 0; side < (anyMissing ? 2 : 1); side++) {
      let first = side === 1 ? (histogram[0] ?? 0) : 0;
      let second = side === 1 ? (histogram[1] ?? 0) : 0;
      const end = anyMissing && side === 0 ? last + 1 : last;
      for (let bin = 1; bin < end; bin++) {
        const inBin = histogram[2 * bin + 1] ?? 0;
        first += histogram[2 * bin] ?? 0;
        second += inBin;
        if (inBin <= nothing) continue;
        if (this.node.second - second < this.settings.minChildWeight) break;
        const gain = this.gainOf(first, second, 0, direction) - own;
        if (gain <= this.leastGain) continue;
        const missingLeft = anyMissing ? side === 1 : second * 2 >= this.node.second;
        this.keep({ column, bin, set: undefined, missingLeft, gain, leftFirst: first, leftSecond: second });
      }
    }
  }

  /**
   * Orders the categories by their answer; the best of all divisions in two is then a cut of this order (Fisher 1958: On grouping for
   * maximum homogeneity). Missing values are one more category.
   */
  categories(histogram: Float64Array, column: number): void {
    const present: number[] = [];
    for (let bin = 0; 2 * bin < histogram.length; bin++) if ((histogram[2 * bin + 1] ?? 0) > nothing) present.push(bin);
    if (present.length < 2) return;
    const more = present.length > manyCategories ? this.settings.categoryL2 : 0;
    const answer = (bin: number): number => (histogram[2 * bin] ?? 0) / ((histogram[2 * bin + 1] ?? 0) + this.settings.categoryL2);
    present.sort((a, b) => answer(a) - answer(b) || a - b);
    const own = this.worthOfNode(more);
    let [first, second, bestCount] = [0, 0, 0];
    let [bestFirst, bestSecond, bestGain] = [0, 0, this.leastGain];
    for (let count = 1; count < present.length; count++) {
      const bin = present[count - 1] ?? 0;
      first += histogram[2 * bin] ?? 0;
      second += histogram[2 * bin + 1] ?? 0;
      const gain = this.gainOf(first, second, more, 0) - own;
      if (gain > bestGain) [bestCount, bestFirst, bestSecond, bestGain] = [count, first, second, gain];
    }
    if (bestCount === 0) return;
    const set = new Uint8Array(histogram.length / 2);
    present.forEach((bin, place) => (set[bin] = place < bestCount ? 1 : 2));
    const missingLeft = present.includes(0) ? set[0] === 1 : bestSecond * 2 >= this.node.second;
    this.keep({ column, bin: 0, set, missingLeft, gain: bestGain, leftFirst: bestFirst, leftSecond: bestSecond });
  }

  private keep(split: Split): void {
    this.best = split;
    this.leastGain = split.gain;
  }

  private worthOfNode(more: number): number {
    const { first, second, low, high } = this.node;
    const l2 = this.settings.l2 + more;
    return worth(first, second, l2, answerOf(first, second, l2, low, high));
  }

  /** What both children are worth; -Infinity where one is too light, or the order of their answers is not the wanted one. */
  private gainOf(first: number, second: number, more: number, direction: number): number {
    const { node, settings } = this;
    const rightSecond = node.second - second;
    if (second < settings.minChildWeight || rightSecond < settings.minChildWeight) return -Infinity;
    const rightFirst = node.first - first;
    const l2 = settings.l2 + more;
    // Without bounds the worth of a child is as short as this.
    if (direction === 0 && !this.bounded) return (first * first) / (second + l2) + (rightFirst * rightFirst) / (rightSecond + l2);
    const left = answerOf(first, second, l2, node.low, node.high);
    const right = answerOf(rightFirst, rightSecond, l2, node.low, node.high);
    if (direction * (right - left) < 0) return -Infinity;
    return worth(first, second, l2, left) + worth(rightFirst, rightSecond, l2, right);
  }
}
