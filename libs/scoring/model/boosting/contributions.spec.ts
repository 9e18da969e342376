import fc from 'fast-check';
import { createRandom } from '../../../platform/random.js';
import { dataMatrix, numberColumn } from '../data/data-matrix.js';
import { binRows, fitBins, type BinnedRows } from './bins.js';
import { addTreeContributions } from './contributions.js';
import { tableSize, type Ensemble } from './ensemble.js';
import { scoreEnsemble } from './score.js';
import { defaultSettings } from './settings.js';
import { trainBoosting } from './train.js';

function grown(seed: string, columns: number, depth: number) {
  const random = createRandom(seed);
  const rows = 300;
  const matrix = dataMatrix(
    Array.from({ length: columns }, (_, column) =>
      numberColumn(
        `x${column}`,
        Array.from({ length: rows }, () => (random.chance(0.1) ? null : random.below(6))),
      ),
    ),
  );
  const target = Float64Array.from({ length: rows }, () => random.next() * 4 - 1);
  const binned = binRows(matrix, fitBins(matrix, 255));
  const settings = {
    ...defaultSettings,
    loss: 'squared' as const,
    rounds: 4,
    rate: 0.5,
    depth,
    leaves: 2 ** depth,
    minChildWeight: 1,
    l2: 0,
    seed,
  };
  const { ensemble } = trainBoosting(
    binned,
    target,
    settings,
    Uint32Array.from({ length: rows }, (_, row) => row),
  );
  return { matrix, binned, ensemble };
}

/** What is expected of a row where only some of its columns are known: both ways are gone in the shares of the training rows. */
function expected(ensemble: Ensemble, { values, columns }: BinnedRows, row: number, known: ReadonlySet<number>): number {
  const { left, column, table, answer, cover, tables, roots, base } = ensemble;
  const below = (node: number): number => {
    const child = left[node] ?? 0;
    if (child === 0) return answer[node] ?? 0;
    const of = column[node] ?? 0;
    const goesRight = tables[tableSize * (table[node] ?? 0) + (values[row * columns.length + of] ?? 0)] ?? 0;
    if (known.has(of)) return below(child + goesRight);
    const share = (cover[child] ?? 0) / (cover[node] ?? 1);
    return share * below(child) + (1 - share) * below(child + 1);
  };
  return [...roots].reduce((sum, root) => sum + below(root), base);
}

describe('contributions of trees', () => {
  it('and what is expected of everybody together are the answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }), (seed, columns, depth) => {
        const { matrix, ensemble } = grown(seed, columns, depth);
        const into = new Float64Array(matrix.rows * columns);
        const base = addTreeContributions(ensemble, matrix, into, 1);
        scoreEnsemble(ensemble, matrix).forEach((answer, row) => {
          const sum = into.subarray(row * columns, (row + 1) * columns).reduce((total, each) => total + each, base);
          expect(Math.abs(sum - answer)).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('are the Shapley values, as their definition over all sets of columns says', () => {
    const columns = 4;
    const { matrix, binned, ensemble } = grown('shapley', columns, 4);
    const into = new Float64Array(matrix.rows * columns);
    addTreeContributions(ensemble, matrix, into, 1);
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
    for (let row = 0; row < 20; row++) {
      for (let column = 0; column < columns; column++) {
        let value = 0;
        for (let set = 0; set < 2 ** columns; set++) {
          const before = [...Array(columns).keys()].filter((each) => (set >> each) & 1);
          if (before.includes(column)) continue;
          const weight = (factorial(before.length) * factorial(columns - before.length - 1)) / factorial(columns);
          const added = expected(ensemble, binned, row, new Set([...before, column])) - expected(ensemble, binned, row, new Set(before));
          value += weight * added;
        }
        expect(into[row * columns + column]).toBeCloseTo(value, 10);
      }
    }
  });
});
