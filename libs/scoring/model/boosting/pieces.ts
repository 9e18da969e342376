import type { Ensemble } from './ensemble.js';

/** A tree, or a part of a large one, with few enough splits that every pattern of ways through them can be kept. */
export interface Piece {
  readonly splits: readonly { readonly column: number; readonly table: number }[];
  readonly leaves: readonly Leaf[];
  /** The columns that are split. */
  readonly columns: Int32Array;
  /** What each column adds, by pattern: `added[pattern * columns.length + place]`, once isFilled[pattern] is 1. */
  readonly added: Float64Array;
  readonly isFilled: Uint8Array;
}

export interface Leaf {
  readonly answer: number;
  readonly conditions: readonly Condition[];
}

/** What a column must be like to come to a leaf; splits of one column are taken together. */
interface Condition {
  /** The place of the column in the piece. */
  readonly place: number;
  /** Of the training rows that came to these splits, the share that went this way. */
  readonly share: number;
  /** The splits of this column on the way, as bits, and those of them at which the way goes right. */
  readonly splits: number;
  readonly right: number;
}

const mostSplits = 8;

/** A node on the way, and the side that the way takes. */
interface Step {
  readonly node: number;
  readonly side: 0 | 1;
}

/** All trees in pieces: a part that is small enough is one, with the splits on the way to it. */
export function piecesOf(ensemble: Ensemble): Piece[] {
  const { left, roots } = ensemble;
  const pieces: Piece[] = [];
  const divide = (node: number, way: readonly Step[]): void => {
    const child = left[node] ?? 0;
    if (child === 0 || way.length + splitsBelow(left, node) <= mostSplits) {
      pieces.push(pieceOf(ensemble, node, way));
      return;
    }
    divide(child, [...way, { node, side: 0 }]);
    divide(child + 1, [...way, { node, side: 1 }]);
  };
  for (const root of roots) divide(root, []);
  return pieces;
}

function splitsBelow(left: Int32Array, node: number): number {
  const child = left[node] ?? 0;
  return child === 0 ? 0 : 1 + splitsBelow(left, child) + splitsBelow(left, child + 1);
}

function pieceOf(ensemble: Ensemble, top: number, way: readonly Step[]): Piece {
  const { left, column, table, answer } = ensemble;
  const ways: { leaf: number; steps: readonly Step[] }[] = [];
  const visit = (node: number, steps: readonly Step[]): void => {
    const child = left[node] ?? 0;
    if (child === 0) {
      ways.push({ leaf: node, steps });
      return;
    }
    visit(child, [...steps, { node, side: 0 }]);
    visit(child + 1, [...steps, { node, side: 1 }]);
  };
  visit(top, way);
  const nodes = [...new Set(ways.flatMap(({ steps }) => steps.map(({ node }) => node)))];
  const columns = [...new Set(nodes.map((node) => column[node] ?? 0))];
  return {
    splits: nodes.map((node) => ({ column: column[node] ?? 0, table: table[node] ?? 0 })),
    leaves: ways.map(({ leaf, steps }) => ({ answer: answer[leaf] ?? 0, conditions: conditionsOf(ensemble, steps, nodes, columns) })),
    columns: Int32Array.from(columns),
    added: new Float64Array(columns.length << nodes.length),
    isFilled: new Uint8Array(1 << nodes.length),
  };
}

function conditionsOf(
  { left, column, cover }: Ensemble,
  steps: readonly Step[],
  nodes: readonly number[],
  columns: readonly number[],
): Condition[] {
  const conditions = new Map<number, Condition>();
  for (const { node, side } of steps) {
    const place = columns.indexOf(column[node] ?? 0);
    const { share, splits, right } = conditions.get(place) ?? { share: 1, splits: 0, right: 0 };
    const bit = 1 << nodes.indexOf(node);
    const went = (cover[(left[node] ?? 0) + side] ?? 0) / (cover[node] ?? 1);
    conditions.set(place, { place, share: share * went, splits: splits | bit, right: right | (side * bit) });
  }
  return [...conditions.values()];
}
