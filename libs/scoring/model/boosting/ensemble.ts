import type { BinnedRows, ColumnBins } from './bins.js';
import type { BoostingSettings } from './settings.js';

/** The most splits between a root and a leaf: a tree of this depth still has a thousand leaves. */
export const mostDepth = 10;

/** Bins are bytes, so a table of directions has this many places. */
export const tableSize = 256;

/**
 * Trees that are added up, as flat arrays. A node is an index. Its left child is `left[node]`, its right child the next one; a leaf has
 * none and `left[leaf]` is 0. A row goes right where `tables[tableSize * table[node] + bin of column[node]]` is 1: so numbers, categories
 * and missing values are all looked up in the same way.
 */
export interface Ensemble {
  readonly loss: BoostingSettings['loss'];
  readonly bins: readonly ColumnBins[];
  /** The answer before any tree. */
  readonly base: number;
  /** The root of each tree. */
  readonly roots: Int32Array;
  readonly left: Int32Array;
  readonly column: Int32Array;
  readonly table: Int32Array;
  /** Of leaves: what they add. */
  readonly answer: Float64Array;
  /** How many rows of the training sample came through. */
  readonly cover: Float64Array;
  readonly tables: Uint8Array;
}

/** An ensemble while it grows. */
export class EnsembleBuilder {
  private readonly roots: number[] = [];
  private readonly left: number[] = [];
  private readonly column: number[] = [];
  private readonly table: number[] = [];
  private readonly answer: number[] = [];
  private readonly cover: number[] = [];
  private readonly tableOf = new Map<string, number>();
  private tables = new Uint8Array(tableSize * 64);

  addRoot(answer: number, cover: number): number {
    const node = this.addLeaf(answer, cover);
    this.roots.push(node);
    return node;
  }

  /** @returns the left of the two new leaves */
  split(node: number, column: number, table: number, children: readonly [Leaf, Leaf]): number {
    const [left, right] = children;
    const first = this.addLeaf(left.answer, left.cover);
    this.addLeaf(right.answer, right.cover);
    this.left[node] = first;
    this.column[node] = column;
    this.table[node] = table;
    this.answer[node] = 0;
    return first;
  }

  /** The table of directions for this division of bins, made where there is none yet. */
  tableFor({ bin, set, missingLeft }: { bin: number; set: Uint8Array | undefined; missingLeft: boolean }): number {
    const key = set === undefined ? `${bin} ${missingLeft}` : `${set.join('')} ${missingLeft}`;
    const known = this.tableOf.get(key);
    if (known !== undefined) return known;
    const table = this.tableOf.size;
    this.tableOf.set(key, table);
    if ((table + 1) * tableSize > this.tables.length) {
      const more = new Uint8Array(this.tables.length * 2);
      more.set(this.tables);
      this.tables = more;
    }
    const missing = missingLeft ? 0 : 1;
    // A category that no row of the node has goes where missing values go.
    const ofSet = [missing, 0, 1];
    for (let place = 1; place < tableSize; place++) {
      this.tables[table * tableSize + place] = set === undefined ? Number(place > bin) : (ofSet[set[place] ?? 0] ?? missing);
    }
    this.tables[table * tableSize] = missing;
    return table;
  }

  /** The tables so far, for rows that are divided while the ensemble grows. */
  get directions(): Uint8Array {
    return this.tables;
  }

  get leftChildren(): readonly number[] {
    return this.left;
  }

  /** The answer of the leaf that a row of bins comes to, in the tree with this root. */
  follow(root: number, { values, columns }: BinnedRows, row: number): number {
    const start = row * columns.length;
    let node = root;
    for (let child = this.left[node] ?? 0; child !== 0; child = this.left[node] ?? 0) {
      const bin = values[start + (this.column[node] ?? 0)] ?? 0;
      node = child + (this.tables[tableSize * (this.table[node] ?? 0) + bin] ?? 0);
    }
    return this.answer[node] ?? 0;
  }

  build(loss: BoostingSettings['loss'], bins: readonly ColumnBins[], base: number): Ensemble {
    return {
      loss,
      bins,
      base,
      roots: Int32Array.from(this.roots),
      left: Int32Array.from(this.left),
      column: Int32Array.from(this.column),
      table: Int32Array.from(this.table),
      answer: Float64Array.from(this.answer),
      cover: Float64Array.from(this.cover),
      tables: this.tables.slice(0, this.tableOf.size * tableSize),
    };
  }

  private addLeaf(answer: number, cover: number): number {
    this.left.push(0);
    this.column.push(0);
    this.table.push(0);
    this.answer.push(answer);
    return this.cover.push(cover) - 1;
  }
}

export interface Leaf {
  readonly answer: number;
  readonly cover: number;
}

/** The same ensemble with its first trees only. */
export function firstTrees(ensemble: Ensemble, count: number): Ensemble {
  if (count >= ensemble.roots.length) return ensemble;
  const end = ensemble.roots[count] ?? 0;
  return {
    ...ensemble,
    roots: ensemble.roots.slice(0, count),
    left: ensemble.left.slice(0, end),
    column: ensemble.column.slice(0, end),
    table: ensemble.table.slice(0, end),
    answer: ensemble.answer.slice(0, end),
    cover: ensemble.cover.slice(0, end),
  };
}

/** The most splits between a node and the leaves below it. */
export function depthOf(left: Int32Array, node: number): number {
  const child = left[node] ?? 0;
  return child === 0 ? 0 : 1 + Math.max(depthOf(left, child), depthOf(left, child + 1));
}
