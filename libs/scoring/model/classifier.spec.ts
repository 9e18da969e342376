import fc from 'fast-check';
import { createRandom } from '../../platform/random.js';
import type { Calibration } from './calibration/calibration.js';
import { explain, likelihoodsOf, type Classifier } from './classifier.js';
import { categoryColumn, dataMatrix, numberColumn, type DataMatrix } from './data/data-matrix.js';
import { sigmoid } from './linear/logistic.js';
import { partialDependence } from './partial-dependence.js';
import { auc } from './quality/metrics.js';
import { readClassifier, storeClassifier } from './stored-classifier.js';
import { forwardSplits } from './choice/splits.js';
import { trainClassifier, type Family } from './train-classifier.js';

/** Customers with gaps, whose outcome adds up (`sum`) or comes from two columns that mean nothing alone (`interaction`). */
function customers(count: number, seed: string, kind: 'sum' | 'interaction') {
  const random = createRandom(`${kind} ${seed}`);
  const rows = Array.from({ length: count }, () => ({
    tenure: random.chance(0.05) ? null : random.next() * 60,
    charge: random.chance(0.05) ? null : 20 + random.next() * 80,
    plan: random.chance(0.05) ? null : random.pick(['basic', 'plus', 'max']),
    noise: random.next(),
  }));
  const column = <K extends keyof (typeof rows)[number]>(name: K) => rows.map((row) => row[name]);
  const matrix = dataMatrix([
    numberColumn('tenure', column('tenure')),
    numberColumn('charge', column('charge')),
    categoryColumn('plan', column('plan'), ['basic', 'max', 'plus']),
    numberColumn('noise', column('noise')),
  ]);
  const labels = Uint8Array.from(rows, ({ tenure, charge, plan }) => {
    const [t, c] = [(tenure ?? 30) / 30 - 1, (charge ?? 60) / 40 - 1.5];
    const z = kind === 'sum' ? c - t + (plan === 'basic' ? 0.8 : 0) - 0.5 : t * c > 0 ? 1.5 : -1.5;
    return random.chance(sigmoid(z)) ? 1 : 0;
  });
  return { matrix, labels };
}

const sum = customers(1000, 'learn', 'sum');
const trained = new Map<Family, Classifier>(
  (['logistic', 'boosting', 'blend'] as const).map((family) => [
    family,
    trainClassifier(sum.matrix, sum.labels, { family, seed: 'a' }).classifier,
  ]),
);
function of(family: Family): Classifier {
  const classifier = trained.get(family);
  if (classifier === undefined) throw new Error(`${family} was not trained`);
  return classifier;
}

describe.each(['logistic', 'boosting', 'blend'] as const)('a classifier of family %s', (family) => {
  it('explains each score: base, contributions and calibration add up to its log-odds', () => {
    const maps: Calibration[] = [
      { method: 'none' },
      { method: 'platt', offset: -0.3, slope: 1.4 },
      { method: 'isotonic', at: [-1, 0, 2], to: [-3, 0.5, 1] },
    ];
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...maps), (seed, calibration) => {
        const classifier = { ...of(family), calibration };
        const { matrix } = customers(20, seed, 'sum');
        const { base, contributions, calibration: added, logOdds, columns } = explain(classifier, matrix);
        const likelihoods = likelihoodsOf(classifier, matrix);
        logOdds.forEach((z, row) => {
          const own = contributions.subarray(row * columns.length, (row + 1) * columns.length);
          const total = own.reduce((so, each) => so + each, base) + (added[row] ?? 0);
          expect(Math.abs(total - z)).toBeLessThan(1e-9);
          expect(likelihoods[row]).toBe(sigmoid(z));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('ranks customers that it has not seen', () => {
    const fresh = customers(1500, 'fresh', 'sum');
    expect(auc(likelihoodsOf(of(family), fresh.matrix), fresh.labels)).toBeGreaterThan(0.67);
  });

  it('scores the same after it was stored', () => {
    const again = readClassifier(JSON.parse(JSON.stringify(storeClassifier(of(family)))));
    expect(likelihoodsOf(again, sum.matrix)).toEqual(likelihoodsOf(of(family), sum.matrix));
  });

  it('scores customers of whom it knows nothing, or what it has never seen', () => {
    const strange = dataMatrix([
      categoryColumn('plan', ['gold', null]),
      categoryColumn('tenure', ['long', 'short']),
      numberColumn('other', [1, 2]),
    ]);
    for (const likelihood of likelihoodsOf(of(family), strange)) expect(likelihood > 0.05 && likelihood < 0.95).toBe(true);
  });

  it('shows how scores depend on one column', () => {
    const scored = (matrix: DataMatrix): Float64Array => likelihoodsOf(of(family), matrix);
    const tenure = partialDependence(scored, sum.matrix, 'tenure');
    expect((tenure[0]?.score ?? 0) - (tenure.at(-2)?.score ?? 1)).toBeGreaterThan(0.2);
    expect(tenure.at(-1)?.value).toBeNull();
    expect(tenure.reduce((total, { share }) => total + share, 0)).toBeCloseTo(1, 10);
    const plans = partialDependence(scored, sum.matrix, 'plan');
    expect(plans.map(({ value }) => value).sort()).toEqual(['basic', 'max', null, 'plus'].sort());
    const [basic, plus] = ['basic', 'plus'].map((word) => plans.find(({ value }) => value === word)?.score ?? 0);
    expect((basic ?? 0) - (plus ?? 0)).toBeGreaterThan(0.05);
    expect(() => partialDependence(scored, sum.matrix, 'height')).toThrow(RangeError);
  });
});

describe('the best classifier', () => {
  it('is the linear one where effects add up', () => {
    const { chosen, because, trials } = trainClassifier(sum.matrix, sum.labels, { family: 'best', seed: 'a' });
    expect(chosen).toBe('logistic regression');
    expect(because).toMatch(/log-loss/);
    expect(trials).toHaveLength(5);
  });

  it('is boosted where columns mean something only together', () => {
    const { matrix, labels } = customers(2000, 'learn', 'interaction');
    const { classifier, chosen } = trainClassifier(matrix, labels, { family: 'best', seed: 'a' });
    expect(chosen).toMatch(/boosting/);
    const fresh = customers(1500, 'fresh', 'interaction');
    expect(auc(likelihoodsOf(classifier, fresh.matrix), fresh.labels)).toBeGreaterThan(0.77);
  });

  it('is the same from the same seed', () => {
    const settings = { family: 'blend', seed: 'b' } as const;
    const { matrix, labels } = customers(400, 'small', 'sum');
    expect(trainClassifier(matrix, labels, settings)).toEqual(trainClassifier(matrix, labels, settings));
  });

  it('is validated on what came later, where that is asked for', () => {
    const splits = forwardSplits([...sum.labels.keys()], 3);
    const { unseen } = trainClassifier(sum.matrix, sum.labels, { family: 'logistic', seed: 'a', splits });
    expect([unseen.rows[0], unseen.rows.length]).toEqual([250, 750]);
  });
});

describe('little to learn from', () => {
  const trainedOn = (matrix: DataMatrix, labels: Uint8Array) => trainClassifier(matrix, labels, { family: 'best', seed: 'a' });
  const scored = (count: number, happened: number): Float64Array => {
    const { matrix } = customers(count, 'few', 'sum');
    const { classifier } = trainedOn(
      matrix,
      Uint8Array.from({ length: count }, (_, row) => Number(row < happened)),
    );
    return likelihoodsOf(classifier, matrix);
  };

  it.each([
    ['twelve customers', 12, 4],
    ['one outcome only', 300, 300],
    ['five to whom it happened', 400, 5],
    ['nobody', 0, 0],
  ])('gives everybody the base rate: %s', (_, count, happened) => {
    const likelihoods = scored(count, happened);
    expect(new Set(likelihoods).size).toBeLessThanOrEqual(1);
    likelihoods.forEach((each) => expect(each).toBeCloseTo((happened + 0.5) / (count + 1), 10));
  });

  it('is learnt from carefully: 30 to whom it happened, among columns that are empty or constant', () => {
    const { matrix, labels } = customers(300, 'thin', 'sum');
    const empty = dataMatrix([
      ...matrix.columns,
      numberColumn('empty', Array<null>(300).fill(null)),
      numberColumn('same', Array<number>(300).fill(4)),
      categoryColumn('blank', Array<null>(300).fill(null)),
      categoryColumn(
        'alone',
        Array.from({ length: 300 }, (_, row) => `k${row}`),
      ),
    ]);
    const { classifier, chosen } = trainedOn(
      empty,
      labels.map((label, row) => (row < 100 ? label : 0)),
    );
    expect(chosen).not.toBe('base rate');
    likelihoodsOf(classifier, empty).forEach((each) => expect(each > 0 && each < 1).toBe(true));
  });
});
