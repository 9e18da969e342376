import fc from 'fast-check';
import { createRandom } from '../../../platform/random.js';
import { categoryColumn, dataMatrix, numberColumn, type DataMatrix } from '../data/data-matrix.js';
import { sigmoid } from '../linear/logistic.js';
import { auc } from '../quality/metrics.js';
import { binRows, fitBins } from './bins.js';
import { firstTrees } from './ensemble.js';
import { followAll, scoreEnsemble } from './score.js';
import { defaultSettings, type BoostingSettings } from './settings.js';
import { ensembleFrom, storedEnsemble, toStoredEnsemble } from './stored-ensemble.js';
import { trainBoosting, type Watch } from './train.js';

const all = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row);

function train(matrix: DataMatrix, target: ArrayLike<number>, settings: Partial<BoostingSettings>, rows = all(matrix.rows), watch?: Watch) {
  const binned = binRows(matrix, fitBins(matrix, settings.bins ?? 255));
  return { binned, ...trainBoosting(binned, target, { ...defaultSettings, ...settings }, rows, watch) };
}

const whole: Partial<BoostingSettings> = { rowSample: 1, columnSample: 1, rate: 1, rounds: 1, l2: 0, minChildWeight: 0 };

/** Rows with numbers, categories, gaps, and an outcome that depends on an interaction of them. */
function example(count: number, seed: string) {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, () => ({
    a: random.chance(0.1) ? null : random.next() * 10,
    b: Math.floor(random.next() * 4),
    k: random.chance(0.05) ? null : random.pick(['red', 'green', 'blue', 'grey', 'black', 'white']),
  }));
  const matrix = dataMatrix([
    numberColumn(
      'a',
      rows.map(({ a }) => a),
    ),
    numberColumn(
      'b',
      rows.map(({ b }) => b),
    ),
    categoryColumn(
      'k',
      rows.map(({ k }) => k),
      ['red', 'green', 'blue', 'grey', 'black', 'white'],
    ),
  ]);
  const labels = Uint8Array.from(rows, ({ a, b, k }) => {
    const warm = k === 'red' || k === 'grey';
    return random.chance(sigmoid((a === null ? 2 : a > 5 ? 1 : -1) * (warm ? 1.5 : -1) + 0.3 * b - 0.5)) ? 1 : 0;
  });
  return { matrix, labels };
}

describe('a boosted tree', () => {
  it('splits where the squared error falls most, as a search of all splits says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: -9, max: 9 })), {
          minLength: 4,
          maxLength: 40,
        }),
        (rows) => {
          const matrix = dataMatrix([
            numberColumn(
              'x',
              rows.map(([x]) => x),
            ),
            numberColumn(
              'y',
              rows.map(([, y]) => y),
            ),
          ]);
          const target = rows.map(([, , value]) => value);
          const { ensemble } = train(matrix, target, { ...whole, loss: 'squared', depth: 1, leaves: 2 });
          const answers = scoreEnsemble(ensemble, matrix);
          const error = (fitted: ArrayLike<number>): number =>
            target.reduce((sum, value, row) => sum + (value - (fitted[row] ?? 0)) ** 2, 0);
          const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
          const stumps = [0, 1].flatMap((column) =>
            [0, 1, 2, 3, 4].map((cut) => {
              const left = rows.map((row) => (row[column] ?? 0) <= cut);
              const side = (goes: boolean): number => mean(target.filter((_, row) => left[row] === goes));
              return error(left.map((goes) => side(goes)));
            }),
          );
          const best = Math.min(...stumps.filter((each) => !Number.isNaN(each)), error(target.map(() => mean(target))));
          expect(error(answers)).toBeCloseTo(best, 6);
        },
      ),
    );
  });

  it('divides categories in two in the best way, missing ones with them', () => {
    const words = ['a', 'b', 'c', 'd'].flatMap((word) => Array<string>(20).fill(word));
    const target = words.map((word) => (word === 'a' || word === 'd' ? 1 : 5));
    const matrix = dataMatrix([categoryColumn('k', [...words, null, null])]);
    const { ensemble } = train(matrix, [...target, 5, 5], { ...whole, loss: 'squared', depth: 1, leaves: 2, categoryL2: 0 });
    const rows = dataMatrix([categoryColumn('k', ['a', 'b', 'c', 'd', null, 'never seen'], ['a', 'b', 'c', 'd'])]);
    expect([...scoreEnsemble(ensemble, rows)].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 5, 5, 1, 5, 5]);
  });

  it('learns where missing numbers go, and may set them apart', () => {
    const matrix = dataMatrix([numberColumn('x', [...all(40), ...Array<null>(10).fill(null)])]);
    const answersFor = (target: number[]): number[] => {
      const { ensemble } = train(matrix, target, { ...whole, loss: 'squared', depth: 1, leaves: 2 });
      const answers = scoreEnsemble(ensemble, dataMatrix([numberColumn('x', [3, 33, null])]));
      return [...answers].map((answer) => Math.round(answer * 1e6) / 1e6 + 0);
    };
    const low = [...all(40)].map((x) => (x < 20 ? 0 : 8));
    expect(answersFor([...low, ...Array<number>(10).fill(0)])).toEqual([0, 8, 0]);
    expect(answersFor([...low, ...Array<number>(10).fill(8)])).toEqual([0, 8, 8]);
    expect(answersFor([...Array<number>(40).fill(2), ...Array<number>(10).fill(7)])).toEqual([2, 2, 7]);
  });

  it('is as large as its settings allow, and no leaf is too light', () => {
    const { matrix, labels } = example(2000, 'size');
    const { ensemble } = train(matrix, labels, { rounds: 5, depth: 4, leaves: 6, minChildWeight: 30, rowSample: 1 });
    ensemble.roots.forEach((root, tree) => {
      const end = ensemble.roots[tree + 1] ?? ensemble.left.length;
      const leaves = [...all(end - root)].map((node) => node + root).filter((node) => ensemble.left[node] === 0);
      expect(leaves.length).toBeLessThanOrEqual(6);
      // A row weighs at most a quarter.
      leaves.forEach((leaf) => expect(ensemble.cover[leaf]).toBeGreaterThanOrEqual(120));
    });
  });
});

describe('boosting', () => {
  const { matrix, labels } = example(3000, 'interaction');

  it('learns an interaction that it was not shown', () => {
    const { ensemble } = train(matrix, labels, { rounds: 100, depth: 3, leaves: 8 });
    const fresh = example(3000, 'fresh');
    expect(auc(scoreEnsemble(ensemble, fresh.matrix), fresh.labels)).toBeGreaterThan(0.76);
  });

  it('never answers against a monotone constraint', () => {
    const random = createRandom('monotone');
    const xs = Array.from({ length: 800 }, () => random.next());
    const noisy = dataMatrix([
      numberColumn('x', xs),
      numberColumn(
        'z',
        xs.map(() => random.next()),
      ),
    ]);
    const target = xs.map((x) => Math.sin(9 * x) + x + random.next());
    for (const direction of [1, -1] as const) {
      const { ensemble } = train(noisy, target, { loss: 'squared', rounds: 60, depth: 5, leaves: 20, monotone: { x: direction } });
      for (const z of [0.1, 0.5, 0.9]) {
        const line = dataMatrix([
          numberColumn(
            'x',
            [...all(200)].map((step) => step / 199),
          ),
          numberColumn('z', Array<number>(200).fill(z)),
        ]);
        const answers = [...scoreEnsemble(ensemble, line)];
        answers.forEach((answer, step) =>
          expect(direction * (answer - (answers[step - 1] ?? -direction * Infinity))).toBeGreaterThanOrEqual(0),
        );
      }
    }
  });

  it('is the same from the same seed, and another from another', () => {
    const settings = { rounds: 10 };
    const once = train(matrix, labels, settings).ensemble;
    expect(train(matrix, labels, settings).ensemble).toEqual(once);
    expect(train(matrix, labels, { ...settings, seed: 'other' }).ensemble.answer).not.toEqual(once.answer);
  });

  it.each([
    ['shallow', { depth: 2, leaves: 4 }],
    ['of four levels', { depth: 4, leaves: 12 }],
    ['deep and ragged', { depth: 9, leaves: 14, minChildWeight: 0.5 }],
    ['a single leaf', { depth: 0, leaves: 1 }],
  ])('scores rows in blocks as it does one by one: trees %s', (_, settings) => {
    const { ensemble, binned } = train(matrix, labels, { rounds: 20, ...settings });
    const one = new Float64Array(matrix.rows);
    followAll(ensemble, binned, all(matrix.rows), one);
    scoreEnsemble(ensemble, matrix).forEach((answer, row) => expect(answer).toBeCloseTo(one[row] ?? NaN, 12));
  });

  it('stops when the watched loss no longer falls', () => {
    const watched = all(matrix.rows).filter((row) => row % 3 === 0);
    const rows = all(matrix.rows).filter((row) => row % 3 !== 0);
    const { losses, ensemble, binned } = train(matrix, labels, { rounds: 2000, rate: 0.3 }, rows, { rows: watched, stopAfter: 15 });
    expect(losses.length).toBeLessThan(500);
    expect(losses.length - losses.indexOf(Math.min(...losses))).toBe(16);
    const answers = new Float64Array(matrix.rows);
    followAll(firstTrees(ensemble, 7), binned, watched, answers);
    const loss =
      watched.reduce((sum, row) => sum - Math.log(sigmoid((labels[row] === 1 ? 1 : -1) * (answers[row] ?? 0))), 0) / watched.length;
    expect(loss).toBeCloseTo(losses[6] ?? NaN, 10);
  });

  it('gives everybody one answer if nothing can be learnt', () => {
    const flat = dataMatrix([numberColumn('x', [1, 1, 1, null])]);
    const answer = (target: number[]): number[] => [...scoreEnsemble(train(flat, target, { rounds: 3 }).ensemble, flat)];
    answer([1, 1, 1, 1]).forEach((each) => expect(sigmoid(each)).toBeGreaterThan(0.8));
    expect(new Set(answer([0, 0, 1, 0])).size).toBe(1);
  });

  it('survives being stored, and refuses what is damaged', () => {
    const { ensemble } = train(matrix, labels, { rounds: 8 });
    const stored = storedEnsemble.parse(JSON.parse(JSON.stringify(toStoredEnsemble(ensemble))));
    expect(ensembleFrom(stored)).toEqual(ensemble);
    const { left } = ensemble;
    const loop = toStoredEnsemble({ ...ensemble, left: left.map((child) => (child === 0 ? 0 : 1)) });
    expect(storedEnsemble.safeParse(loop).success).toBe(false);
    expect(storedEnsemble.safeParse({ ...stored, answer: 'AAAA' }).success).toBe(false);
  });
});
