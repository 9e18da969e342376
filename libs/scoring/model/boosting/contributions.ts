import type { DataMatrix } from '../data/data-matrix.js';
import { tableSize, type Ensemble } from './ensemble.js';
import { finderOf } from './find-bins.js';

/**
 * The way to one leaf, by column rather than by split: splits of one column on the way are taken together.
 */
interface LeafPath {
  readonly answer: number;
  readonly columns: readonly number[];
  /** Of the training rows that came to these splits, the share that went this way, one a column. */
  readonly shares: readonly number[];
  /** 1 where a bin goes this way: `goes[place * tableSize + bin]`. */
  readonly goes: Uint8Array;
  /** What each column adds by which columns of the row go this way: `added[pattern * columns + place]`, NaN until it is asked for. */
  readonly added: Float64Array;
}

const blockSize = 256;
const pathsOf = new WeakMap<Ensemble, readonly LeafPath[]>();

/**
 * Adds the path-dependent Shapley values of each row (Lundberg, Erion, Lee 2018: Consistent individualized feature attribution for tree
 * ensembles): where a column is not known, a row goes both ways of its splits, in the shares of the training rows. What a leaf adds
 * depends only on which columns of its path the row agrees with, so that it is computed once for each pattern (Yang 2021: Fast TreeSHAP).
 * @param into `into[row * columns + column]`, `share` times the values
 * @returns what is expected where nothing is known; with a row's values it is the answer of the ensemble
 */
export function addTreeContributions(ensemble: Ensemble, matrix: DataMatrix, into: Float64Array, share: number): number {
  const paths = pathsOf.get(ensemble) ?? leafPaths(ensemble);
  pathsOf.set(ensemble, paths);
  const width = ensemble.bins.length;
  const bins = new Uint8Array(width * blockSize);
  const patterns = new Int32Array(blockSize);
  const finders = ensemble.bins.map(finderOf);
  for (let from = 0; from < matrix.rows; from += blockSize) {
    const to = Math.min(matrix.rows, from + blockSize);
    finders.forEach((find, column) => find(matrix.columns[column], { from, to }, bins, column * blockSize, 1));
    for (const path of paths) addPath(path, bins, patterns, to - from, into, from * width, width, share);
  }
  return paths.reduce((sum, { answer, shares }) => sum + answer * shares.reduce((product, each) => product * each, 1), ensemble.base);
}

function addPath(
  path: LeafPath,
  bins: Uint8Array,
  patterns: Int32Array,
  rows: number,
  into: Float64Array,
  start: number,
  width: number,
  share: number,
): void {
  const { columns, goes, added } = path;
  const count = columns.length;
  patterns.fill(0);
  for (let place = 0; place < count; place++) {
    const column = (columns[place] ?? 0) * blockSize;
    const table = place * tableSize;
    for (let row = 0; row < rows; row++) {
      patterns[row] = (patterns[row] ?? 0) | ((goes[table + (bins[column + row] ?? 0)] ?? 0) << place);
    }
  }
  for (let row = 0; row < rows; row++) {
    const pattern = (patterns[row] ?? 0) * count;
    if (count > 0 && Number.isNaN(added[pattern])) fillPattern(path, patterns[row] ?? 0);
    const line = start + row * width;
    for (let place = 0; place < count; place++) {
      const at = line + (columns[place] ?? 0);
      into[at] = (into[at] ?? 0) + share * (added[pattern + place] ?? 0);
    }
  }
}

/**
 * The Shapley values of a leaf: for each column, the mean over all orders of what it adds after those before it. Of the others, those
 * before it count with whether the row goes this way, and those after it with their share.
 */
function fillPattern({ answer, columns, shares, added }: LeafPath, pattern: number): void {
  const count = columns.length;
  const goes = (place: number): number => (pattern >> place) & 1;
  for (let place = 0; place < count; place++) {
    // bySize[s]: the sum over the sets of s columns before this one.
    const bySize = new Float64Array(count);
    bySize[0] = 1;
    let size = 0;
    for (let other = 0; other < count; other++) {
      if (other === place) continue;
      size++;
      for (let s = size; s >= 0; s--) {
        bySize[s] = (shares[other] ?? 0) * (s < size ? (bySize[s] ?? 0) : 0) + (s > 0 ? goes(other) * (bySize[s - 1] ?? 0) : 0);
      }
    }
    let sum = 0;
    // The share of orders in which exactly a given set of s comes before: s! (count - 1 - s)! / count!
    let orders = 1 / count;
    for (let s = 0; s < count; s++) {
      sum += orders * (bySize[s] ?? 0);
      orders *= (s + 1) / (count - 1 - s);
    }
    added[pattern * count + place] = answer * (goes(place) - (shares[place] ?? 0)) * sum;
  }
}

interface Condition {
  readonly share: number;
  readonly goes: Uint8Array;
}

function leafPaths({ left, column, table, answer, cover, tables, roots }: Ensemble): LeafPath[] {
  const paths: LeafPath[] = [];
  const visit = (node: number, conditions: ReadonlyMap<number, Condition>): void => {
    const child = left[node] ?? 0;
    if (child === 0) {
      paths.push(pathOf(answer[node] ?? 0, conditions));
      return;
    }
    const start = tableSize * (table[node] ?? 0);
    for (const side of [0, 1]) {
      const before = conditions.get(column[node] ?? 0);
      const share = ((cover[child + side] ?? 0) / (cover[node] ?? 1)) * (before?.share ?? 1);
      const goes = tables.subarray(start, start + tableSize).map((goesRight, bin) => (goesRight === side ? (before?.goes[bin] ?? 1) : 0));
      visit(child + side, new Map(conditions).set(column[node] ?? 0, { share, goes }));
    }
  };
  for (const root of roots) visit(root, new Map());
  return paths;
}

function pathOf(answer: number, conditions: ReadonlyMap<number, Condition>): LeafPath {
  const goes = new Uint8Array(conditions.size * tableSize);
  [...conditions.values()].forEach((condition, place) => goes.set(condition.goes, place * tableSize));
  return {
    answer,
    columns: [...conditions.keys()],
    shares: [...conditions.values()].map(({ share }) => share),
    goes,
    added: new Float64Array(conditions.size * 2 ** conditions.size).fill(NaN),
  };
}
