import type { DataMatrix } from '../data/data-matrix.js';
import { tableSize, type Ensemble } from './ensemble.js';
import { finderOf, type BinFinder } from './find-bins.js';
import { piecesOf, type Leaf, type Piece } from './pieces.js';

interface Prepared {
  readonly pieces: readonly Piece[];
  readonly finders: readonly BinFinder[];
  /** What is expected where nothing is known of a row. */
  readonly base: number;
}

const preparedOf = new WeakMap<Ensemble, Prepared>();
const blockSize = 256;

/**
 * Adds the path-dependent Shapley values of each row (Lundberg, Erion, Lee 2018: Consistent individualized feature attribution for tree
 * ensembles): where a column is not known, a row goes both ways of its splits, in the shares of the training rows. What a tree adds depends
 * only on which way the row goes at each split, so that it is computed once for each pattern of ways (as Yang 2021, Fast TreeSHAP, does for
 * each leaf).
 * @param into `into[row * columns + column]`, `share` times the values
 * @returns what is expected where nothing is known; with a row's values it is the answer of the ensemble
 */
export function addTreeContributions(ensemble: Ensemble, matrix: DataMatrix, into: Float64Array, share: number): number {
  const prepared = preparedOf.get(ensemble) ?? prepare(ensemble);
  preparedOf.set(ensemble, prepared);
  const width = ensemble.bins.length;
  const bins = new Uint8Array(width * blockSize);
  const patterns = new Int32Array(blockSize);
  for (let from = 0; from < matrix.rows; from += blockSize) {
    const to = Math.min(matrix.rows, from + blockSize);
    prepared.finders.forEach((find, column) => find(matrix.columns[column], { from, to }, bins, column * blockSize, 1));
    const lines = into.subarray(from * width, to * width);
    for (const piece of prepared.pieces) {
      findPatterns(piece, ensemble.tables, bins, to - from, patterns);
      addPiece(piece, patterns, to - from, lines, width, share);
    }
  }
  return prepared.base;
}

function prepare(ensemble: Ensemble): Prepared {
  const pieces = piecesOf(ensemble);
  const expected = ({ answer, conditions }: Leaf): number => conditions.reduce((product, { share }) => product * share, answer);
  const base = pieces.reduce((sum, { leaves }) => leaves.reduce((so, leaf) => so + expected(leaf), sum), ensemble.base);
  return { pieces, finders: ensemble.bins.map(finderOf), base };
}

/** Bit i of a row's pattern: whether it goes right at split i. */
function findPatterns({ splits }: Piece, tables: Uint8Array, bins: Uint8Array, rows: number, patterns: Int32Array): void {
  patterns.fill(0);
  splits.forEach(({ column, table }, place) => {
    const columnStart = column * blockSize;
    const tableStart = table * tableSize;
    for (let row = 0; row < rows; row++) {
      patterns[row] = (patterns[row] ?? 0) | ((tables[tableStart + (bins[columnStart + row] ?? 0)] ?? 0) << place);
    }
  });
}

function addPiece(piece: Piece, patterns: Int32Array, rows: number, into: Float64Array, width: number, share: number): void {
  const { columns, added, isFilled } = piece;
  const count = columns.length;
  for (let row = 0; row < rows; row++) {
    const pattern = patterns[row] ?? 0;
    if (isFilled[pattern] === 0) fillPattern(piece, pattern);
    const from = pattern * count;
    const line = row * width;
    for (let place = 0; place < count; place++) {
      const at = line + (columns[place] ?? 0);
      into[at] = (into[at] ?? 0) + share * (added[from + place] ?? 0);
    }
  }
}

function fillPattern({ leaves, columns, added, isFilled }: Piece, pattern: number): void {
  isFilled[pattern] = 1;
  for (const leaf of leaves) addLeaf(leaf, pattern, added, pattern * columns.length);
}

/**
 * The Shapley values of a leaf: for each of its columns, the mean over all orders of what the column adds after those before it. Of the
 * others, those before it count with whether the row goes this way, and those after it with the share of rows that does.
 */
function addLeaf({ answer, conditions }: Leaf, pattern: number, added: Float64Array, start: number): void {
  const count = conditions.length;
  const goes = conditions.map(({ splits, right }) => ((pattern & splits) === right ? 1 : 0));
  conditions.forEach(({ place, share }, own) => {
    // bySize[s]: the sum over the sets of s columns before this one.
    const bySize = new Float64Array(count);
    bySize[0] = 1;
    let size = 0;
    conditions.forEach((other, index) => {
      if (index === own) return;
      size++;
      for (let s = size; s >= 0; s--) {
        bySize[s] = (s < size ? other.share * (bySize[s] ?? 0) : 0) + (s > 0 ? (goes[index] ?? 0) * (bySize[s - 1] ?? 0) : 0);
      }
    });
    let sum = 0;
    // The share of orders in which a given set of s columns is what comes before: s! (count - 1 - s)! / count!
    let orders = 1 / count;
    for (let s = 0; s < count; s++) {
      sum += orders * (bySize[s] ?? 0);
      orders *= (s + 1) / (count - 1 - s);
    }
    added[start + place] = (added[start + place] ?? 0) + answer * ((goes[own] ?? 0) - share) * sum;
  });
}
