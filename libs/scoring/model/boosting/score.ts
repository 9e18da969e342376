import type { DataMatrix } from '../data/data-matrix.js';
import type { BinnedRows } from './bins.js';
import { tableSize, type Ensemble } from './ensemble.js';
import { blockSize, fillBlock, shallow, walkOf, type Walk } from './walk.js';

const walks = new WeakMap<Ensemble, Walk>();

/** The sum of base and trees for each row: log-odds with the logistic loss. The matrix has the columns of the ensemble, in its order. */
export function scoreEnsemble(ensemble: Ensemble, matrix: DataMatrix): Float64Array {
  const walk = walks.get(ensemble) ?? walkOf(ensemble);
  walks.set(ensemble, walk);
  const answers = new Float64Array(matrix.rows).fill(ensemble.base);
  const block = new Uint8Array(walk.columns.length * blockSize);
  const places = new Int32Array(blockSize);
  for (let from = 0; from < matrix.rows; from += blockSize) {
    const to = Math.min(matrix.rows, from + blockSize);
    fillBlock(walk, matrix, from, to, block);
    const answersOfBlock = answers.subarray(from, to);
    for (let tree = 0; tree < walk.starts.length; tree++) addTree(walk, tree, block, places, answersOfBlock);
  }
  return answers;
}

/**
 * Adds the answers of a tree for all rows of a block. Nothing here branches on data, which a processor would guess wrong half of the
 * time; few levels in one loop leave it free to work on several rows at once.
 */
function addTree(
  { splits, leaves, starts, depths }: Walk,
  tree: number,
  block: Uint8Array,
  places: Int32Array,
  answers: Float64Array,
): void {
  const start = starts[tree] ?? 0;
  const depth = depths[tree] ?? 0;
  const rows = answers.length;
  const root = splits[start + 1] ?? 0;
  const rootColumn = root >> 8;
  const rootCut = root & 255;
  if (depth === shallow) {
    for (let row = 0; row < rows; row++) {
      const place = 2 | ((rootCut - (block[rootColumn + row] ?? 0)) >>> 31);
      const leaf = childOf(splits, start, childOf(splits, start, place, block, row), block, row);
      answers[row] = (answers[row] ?? 0) + (leaves[start + leaf] ?? 0);
    }
    return;
  }
  for (let row = 0; row < rows; row++) {
    const place = 2 | ((rootCut - (block[rootColumn + row] ?? 0)) >>> 31);
    places[row] = childOf(splits, start, childOf(splits, start, place, block, row), block, row);
  }
  for (let level = shallow; level < depth - shallow; level++) {
    for (let row = 0; row < rows; row++) places[row] = childOf(splits, start, places[row] ?? 0, block, row);
  }
  for (let row = 0; row < rows; row++) {
    const place = childOf(splits, start, places[row] ?? 0, block, row);
    const leaf = childOf(splits, start, childOf(splits, start, place, block, row), block, row);
    answers[row] = (answers[row] ?? 0) + (leaves[start + leaf] ?? 0);
  }
}

/** The children of place i are 2 i and 2 i + 1; the sign of the difference says which. */
function childOf(splits: Int32Array, start: number, place: number, block: Uint8Array, row: number): number {
  const split = splits[start + place] ?? 0;
  return (place << 1) | (((split & 255) - (block[(split >> 8) + row] ?? 0)) >>> 31);
}

/** Writes the sum of base and trees of some rows that are binned already. */
export function followAll(ensemble: Ensemble, { values, columns }: BinnedRows, rows: Uint32Array, into: Float64Array): void {
  const { left, column, table, answer, tables, roots, base } = ensemble;
  const width = columns.length;
  for (const row of rows) {
    let sum = base;
    for (const root of roots) {
      let node = root;
      for (let child = left[node] ?? 0; child !== 0; child = left[node] ?? 0) {
        const bin = values[row * width + (column[node] ?? 0)] ?? 0;
        node = child + (tables[tableSize * (table[node] ?? 0) + bin] ?? 0);
      }
      sum += answer[node] ?? 0;
    }
    into[row] = sum;
  }
}
