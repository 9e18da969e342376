import type { DataMatrix } from '../data/data-matrix.js';
import { binColumn, type BinnedRows } from './bins.js';
import { tableSize, type Ensemble } from './ensemble.js';

/** Rows that go through all trees together: few enough that their bins stay in the fastest memory. */
const blockSize = 512;

/** The sum of base and trees for each row: log-odds with the logistic loss. The matrix has the columns of the ensemble, in its order. */
export function scoreEnsemble(ensemble: Ensemble, matrix: DataMatrix): Float64Array {
  const walk = walkOf(ensemble);
  const answers = new Float64Array(matrix.rows).fill(ensemble.base);
  const bins = new Uint8Array(ensemble.bins.length * blockSize);
  const used = [...new Set(ensemble.column.filter((_, node) => ensemble.left[node] !== 0))];
  const places = new Int32Array(blockSize);
  for (let from = 0; from < matrix.rows; from += blockSize) {
    const to = Math.min(matrix.rows, from + blockSize);
    for (const column of used) binColumn(matrix, ensemble.bins, column, { from, to }, bins, column * blockSize, 1);
    const answersOfBlock = answers.subarray(from, to);
    ensemble.roots.forEach((root, tree) => addTree(walk, root, walk.depths[tree] ?? 0, bins, places, answersOfBlock));
  }
  return answers;
}

/**
 * The trees without branches: a leaf's child is itself, so that every row takes as many steps as the tree is deep, each a look-up.
 */
interface Walk {
  readonly next: Int32Array;
  /** Where the bins of the node's column begin in a block. */
  readonly columnStart: Int32Array;
  readonly tableStart: Int32Array;
  readonly answer: Float64Array;
  readonly tables: Uint8Array;
  readonly depths: Int32Array;
}

function walkOf({ left, column, table, answer, tables, roots }: Ensemble): Walk {
  const stays = tables.length;
  const withStays = new Uint8Array(stays + tableSize);
  withStays.set(tables);
  const isLeaf = (node: number): boolean => left[node] === 0;
  return {
    next: left.map((child, node) => (child === 0 ? node : child)),
    columnStart: column.map((each, node) => (isLeaf(node) ? 0 : each * blockSize)),
    tableStart: table.map((each, node) => (isLeaf(node) ? stays : each * tableSize)),
    answer,
    tables: withStays,
    depths: roots.map((root) => depthOf(left, root)),
  };
}

function depthOf(left: Int32Array, node: number): number {
  const child = left[node] ?? 0;
  return child === 0 ? 0 : 1 + Math.max(depthOf(left, child), depthOf(left, child + 1));
}

function addTree(walk: Walk, root: number, depth: number, bins: Uint8Array, places: Int32Array, answers: Float64Array): void {
  const { next, columnStart, tableStart, answer, tables } = walk;
  const rows = answers.length;
  const child = next[root] ?? 0;
  const column = columnStart[root] ?? 0;
  const table = tableStart[root] ?? 0;
  for (let row = 0; row < rows; row++) places[row] = child + (tables[table + (bins[column + row] ?? 0)] ?? 0);
  for (let level = 1; level < depth; level++) {
    for (let row = 0; row < rows; row++) {
      const node = places[row] ?? 0;
      const bin = bins[(columnStart[node] ?? 0) + row] ?? 0;
      places[row] = (next[node] ?? 0) + (tables[(tableStart[node] ?? 0) + bin] ?? 0);
    }
  }
  for (let row = 0; row < rows; row++) answers[row] = (answers[row] ?? 0) + (answer[places[row] ?? 0] ?? 0);
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
