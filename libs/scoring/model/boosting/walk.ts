import type { DataMatrix } from '../data/data-matrix.js';
import { binCount } from './bins.js';
import { depthOf, tableSize, type Ensemble } from './ensemble.js';
import { finderOf, type BinFinder } from './find-bins.js';

/** Rows that go through all trees together: few enough that their bins stay in the fastest memory. */
export const blockSize = 512;

/** What each tree is filled up to: the first three levels are walked together, and so are the last three where there are more. */
export const shallow = 3;
const deeper = 2 * shallow;

/**
 * An ensemble prepared for scoring. Each tree is filled up to a complete one, so that the place of a child follows from its parent's: the
 * root is at 1, the children of i at 2 i and 2 i + 1. Each split is one number, 256 x where its column begins in a block + the last bin
 * that goes left. What is no such cut (a set of categories, missing values to the right) becomes one by recoding the column for it.
 */
export interface Walk {
  readonly columns: readonly WalkColumn[];
  /** One a tree. */
  readonly depths: Int32Array;
  /** Where each tree begins. */
  readonly starts: Int32Array;
  /** Of a tree: places start + 1 to start + 2^depth - 1. */
  readonly splits: Int32Array;
  /** Of a tree: places start + 2^depth to start + 2^(depth + 1) - 1. */
  readonly leaves: Float64Array;
}

/** A column of a block: bins of the data, or another column of the block recoded. */
type WalkColumn =
  | { readonly column: number; readonly find: BinFinder }
  | {
      readonly of: number;
      /** What each bin becomes. */
      readonly recode: Uint8Array;
    };

/** A row never goes right here: what a complete tree has below a leaf. */
const always = 255;

/** Puts the bins of rows `from` to `to - 1` into a block, column after column. */
export function fillBlock({ columns }: Walk, matrix: DataMatrix, from: number, to: number, block: Uint8Array): void {
  columns.forEach((each, index) => {
    const start = index * blockSize;
    if ('find' in each) each.find(matrix.columns[each.column], { from, to }, block, start, 1);
    else recodeColumn(block, each.of * blockSize, start, to - from, each.recode);
  });
}

function recodeColumn(block: Uint8Array, of: number, start: number, rows: number, recode: Uint8Array): void {
  for (let row = 0; row < rows; row++) block[start + row] = recode[block[of + row] ?? 0] ?? 0;
}

export function walkOf(ensemble: Ensemble): Walk {
  const { left, column, table, answer, roots } = ensemble;
  const cuts = new Cuts(ensemble);
  const depths = roots.map((root) => filledDepth(depthOf(left, root)));
  const starts = new Int32Array(roots.length);
  let size = 0;
  depths.forEach((depth, tree) => {
    starts[tree] = size;
    size += 2 << depth;
  });
  const splits = new Int32Array(size).fill(always);
  const leaves = new Float64Array(size);
  const fill = (node: number, start: number, place: number, below: number): void => {
    const child = left[node] ?? 0;
    if (child === 0) {
      leaves[start + (place << below)] = answer[node] ?? 0;
      return;
    }
    splits[start + place] = cuts.cutOf(column[node] ?? 0, table[node] ?? 0);
    fill(child, start, 2 * place, below - 1);
    fill(child + 1, start, 2 * place + 1, below - 1);
  };
  roots.forEach((root, tree) => fill(root, starts[tree] ?? 0, 1, depths[tree] ?? 0));
  return { columns: cuts.columns, depths, starts, splits, leaves };
}

function filledDepth(depth: number): number {
  return depth <= shallow ? shallow : Math.max(deeper, depth);
}

/** Makes each table of directions a cut of a column, recoded where it must be. */
class Cuts {
  readonly columns: WalkColumn[] = [];
  private readonly places = new Map<string, number>();
  private readonly cuts = new Map<string, number>();

  constructor(private readonly ensemble: Ensemble) {}

  cutOf(column: number, table: number): number {
    const key = `${column} ${table}`;
    const cut = this.cuts.get(key) ?? this.newCut(column, this.ensemble.tables.subarray(table * tableSize, (table + 1) * tableSize));
    this.cuts.set(key, cut);
    return cut;
  }

  private newCut(column: number, directions: Uint8Array): number {
    const bins = this.ensemble.bins[column];
    const ofValues = directions.subarray(1, bins === undefined ? 1 : binCount(bins));
    const firstRight = ofValues.indexOf(1);
    const isCut = firstRight >= 0 && !ofValues.subarray(firstRight).includes(0);
    const own = this.place(`${column}`, () => this.found(column));
    if (!isCut) return this.recoded(own, directions) * 256 * blockSize;
    const place = directions[0] === 1 ? this.recoded(own, missingLast) : own;
    return place * 256 * blockSize + firstRight;
  }

  private recoded(of: number, recode: Uint8Array): number {
    return this.place(`${of} ${recode.join('')}`, () => ({ of, recode }));
  }

  private found(column: number): WalkColumn {
    const bins = this.ensemble.bins[column];
    if (bins === undefined) throw new RangeError(`There is no column ${column}`);
    return { column, find: finderOf(bins) };
  }

  private place(key: string, make: () => WalkColumn): number {
    const place = this.places.get(key) ?? this.columns.push(make()) - 1;
    this.places.set(key, place);
    return place;
  }
}

/** Missing values after all others. */
const missingLast = Uint8Array.from({ length: tableSize }, (_, bin) => (bin === 0 ? 255 : bin));
