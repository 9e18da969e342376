import { createRandom } from '../../../platform/random.js';

/** Rows to learn from and rows to measure on. */
export interface Split {
  readonly learn: Uint32Array;
  readonly test: Uint32Array;
}

/** Deals the rows into `count` folds, each outcome evenly; every row is tested once, by a model that learnt from the other folds. */
export function stratifiedFolds(labels: Uint8Array, count: number, seed: string): Split[] {
  const random = createRandom(`${seed}:folds`);
  const rows = Uint32Array.from(labels.keys());
  for (let place = rows.length - 1; place > 0; place--) {
    const other = random.below(place + 1);
    [rows[place], rows[other]] = [rows[other] ?? 0, rows[place] ?? 0];
  }
  const foldOf = new Uint8Array(labels.length);
  const dealt = [0, 0];
  for (const row of rows) {
    const label = labels[row] === 1 ? 1 : 0;
    // The two outcomes are dealt from opposite ends, so that the folds are of about the same size.
    const next = dealt[label] ?? 0;
    dealt[label] = next + 1;
    foldOf[row] = label === 1 ? next % count : count - 1 - (next % count);
  }
  const rowsWhere = (wanted: (fold: number) => boolean): Uint32Array =>
    Uint32Array.from(labels.keys()).filter((row) => wanted(foldOf[row] ?? 0));
  return Array.from({ length: count }, (_, fold) => ({
    learn: rowsWhere((each) => each !== fold),
    test: rowsWhere((each) => each === fold),
  }));
}

/**
 * Divides time into `count` + 1 parts of about the same number of rows; each part after the first is tested by a model that learnt from
 * all before it. The rows of one moment stay together.
 * @param times when each row was observed
 */
export function forwardSplits(times: ArrayLike<number>, count: number): Split[] {
  const sorted = Float64Array.from(times).sort();
  const begins = Array.from({ length: count + 1 }, (_, part) =>
    part === count ? Infinity : (sorted[Math.floor(((part + 1) * sorted.length) / (count + 1))] ?? Infinity),
  );
  const rows = Uint32Array.from({ length: times.length }, (_, row) => row);
  const at = (row: number): number => times[row] ?? 0;
  return Array.from({ length: count }, (_, part) => {
    const [from = 0, to = Infinity] = [begins[part], begins[part + 1]];
    return { learn: rows.filter((row) => at(row) < from), test: rows.filter((row) => at(row) >= from && at(row) < to) };
  }).filter(({ learn, test }) => learn.length > 0 && test.length > 0);
}

/** The rows that are tested by any of the splits, ascending. */
export function testedRows(splits: readonly Split[]): Uint32Array {
  return Uint32Array.from(new Set(splits.flatMap(({ test }) => [...test]))).sort();
}
