import { missing, type DataColumn, type DataMatrix } from '../model/data/data-matrix.js';

/** How one feature, or the score itself, was spread over the customers that a model learnt from. Shares add up to 1. */
export type Spread =
  | { readonly type: 'number'; readonly edges: readonly number[]; readonly shares: readonly number[] }
  | { readonly type: 'category'; readonly words: readonly string[]; readonly shares: readonly number[] };

/** By name: each feature, and the score as `score`. */
export type Profile = Readonly<Record<string, Spread>>;

/** What a sweep found, beside what the model learnt from. */
export interface WatchFigures {
  /** The population stability index by feature; `score` is that of the score. */
  readonly psi: Readonly<Record<string, number>>;
}

/** The name that the score itself has in a profile; no feature may have it. */
export const scoreColumn = 'score';

/** Above it a feature has moved so much that the model should be trained again (Siddiqi 2006, Credit Risk Scorecards). */
export const movedAt = 0.25;

/** Above it a feature has moved enough to be watched. */
export const movingAt = 0.1;

/** How far customers are from those that a model learnt from. */
export const driftStates = ['steady', 'moving', 'moved'] as const;
export type DriftState = (typeof driftStates)[number];

export const driftStateOf = (index: number): DriftState => (index > movedAt ? 'moved' : index > movingAt ? 'moving' : 'steady');

const bins = 10;

/** The spread of each column and of the scores over the rows that a model learnt from. */
export function profileOf(matrix: DataMatrix, scores: Float64Array): Profile {
  const columns = [...matrix.columns, { type: 'number', name: scoreColumn, values: scores } as const];
  return Object.fromEntries(columns.map((column) => [column.name, spreadOf(column)]));
}

/** Counts the rows of a sweep, page by page, in the bins of a profile. */
export class SpreadCounter {
  private readonly counts: ReadonlyMap<string, Float64Array>;

  constructor(private readonly profile: Profile) {
    this.counts = new Map(Object.entries(profile).map(([name, { shares }]) => [name, new Float64Array(shares.length)]));
  }

  add(matrix: DataMatrix, scores: Float64Array): void {
    for (const column of [...matrix.columns, { type: 'number', name: scoreColumn, values: scores } as const]) {
      const [spread, counts] = [this.profile[column.name], this.counts.get(column.name)];
      if (spread !== undefined && counts !== undefined) countInto(counts, spread, column);
    }
  }

  /** Adds what another counter of the same profile has counted, as it was stored. */
  addCounts(counted: Readonly<Record<string, readonly number[]>>): void {
    for (const [name, counts] of this.counts) {
      counted[name]?.forEach((count, bin) => (counts[bin] = (counts[bin] ?? 0) + count));
    }
  }

  /** Plain data, for a heartbeat. */
  counted(): Record<string, number[]> {
    return Object.fromEntries([...this.counts].map(([name, counts]) => [name, [...counts]]));
  }

  /** The population stability index of each column, by name. */
  psi(): Record<string, number> {
    return Object.fromEntries(
      [...this.counts].map(([name, counts]) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        const now = [...counts].map((count) => (total === 0 ? 0 : count / total));
        return [name, total === 0 ? 0 : psi(this.profile[name]?.shares ?? [], now)];
      }),
    );
  }
}

/** A share of nothing would make the index infinite. */
const leastShare = 0.0005;

/**
 * The population stability index: sum of (now - then) x ln(now / then) over the bins; 0 where nothing moved, above 0.25 where
 * much did (Siddiqi 2006).
 */
export function psi(then: readonly number[], now: readonly number[]): number {
  return then.reduce((sum, share, bin) => {
    const [before, after] = [Math.max(share, leastShare), Math.max(now[bin] ?? 0, leastShare)];
    return sum + (after - before) * Math.log(after / before);
  }, 0);
}

function spreadOf(column: DataColumn): Spread {
  const empty: Spread =
    column.type === 'number'
      ? { type: 'number', edges: quantileEdges(column.values), shares: [] }
      : { type: 'category', words: column.words, shares: [] };
  const size = empty.type === 'number' ? empty.edges.length + 2 : empty.words.length + 2;
  const counts = new Float64Array(size);
  countInto(counts, empty, column);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { ...empty, shares: [...counts].map((count) => (total === 0 ? 0 : count / total)) };
}

/** The last bin is for what is missing; of categories, the one before it is for words that the model does not know. */
function countInto(counts: Float64Array, spread: Spread, column: DataColumn): void {
  const last = counts.length - 1;
  const add = (bin: number): void => {
    counts[bin] = (counts[bin] ?? 0) + 1;
  };
  if (spread.type === 'number') {
    if (column.type !== 'number') return;
    for (const value of column.values) add(Number.isNaN(value) ? last : binOf(spread.edges, value));
    return;
  }
  if (column.type !== 'category') return;
  const placeOf = new Map(spread.words.map((word, place) => [word, place]));
  const places = column.words.map((word) => placeOf.get(word) ?? last - 1);
  for (const code of column.codes) add(code === missing ? last : (places[code] ?? last - 1));
}

/** Up to nine different values that cut the known ones into parts of about the same size. */
function quantileEdges(values: Float64Array): number[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const edges = Array.from({ length: bins - 1 }, (_, cut) => known[Math.floor(((cut + 1) * known.length) / bins)]);
  return [...new Set(edges.filter((edge) => edge !== undefined))];
}

/** How many edges are at or below the value. */
function binOf(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
