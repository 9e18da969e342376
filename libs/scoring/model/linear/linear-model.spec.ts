import fc from 'fast-check';
import { createRandom } from '../../../platform/random.js';
import { categoryColumn, dataMatrix, numberColumn } from '../data/data-matrix.js';
import { designRows, fitDesign, widthOf } from './design.js';
import { addLinearContributions, linearModelOf, scoreLinear } from './linear-model.js';
import { fitLogistic, logOddsOf, sigmoid } from './logistic.js';

function example(count: number, seed: string) {
  const random = createRandom(seed);
  const rows = Array.from({ length: count }, () => ({
    tenure: random.chance(0.1) ? null : random.below(70),
    plan: random.chance(0.1) ? null : random.pick(['basic', 'plus', 'max']),
  }));
  const matrix = dataMatrix([
    numberColumn(
      'tenure',
      rows.map(({ tenure }) => tenure),
    ),
    categoryColumn(
      'plan',
      rows.map(({ plan }) => plan),
      ['basic', 'max', 'plus', 'rare'],
    ),
  ]);
  const labels = Uint8Array.from(rows, ({ tenure, plan }) =>
    random.chance(sigmoid((tenure === null ? 1 : -Math.sqrt(tenure) / 3) + (plan === 'basic' ? 1 : 0))) ? 1 : 0,
  );
  return { matrix, labels };
}

const { matrix, labels } = example(2000, 'linear');
const numbers = { tenure: { knots: 5, logarithm: true } };

describe('a linear model', () => {
  const designs = fitDesign(matrix, numbers);
  const rows = designRows(matrix, designs);
  const logistic = fitLogistic(rows, labels, 1);
  const model = linearModelOf(logistic, designs, matrix);

  it('has a column that says what is missing, where that is so often enough', () => {
    expect(designs.map(widthOf)).toEqual([5, 4]);
    const [without] = fitDesign(dataMatrix([numberColumn('x', [1, 2, 3, null])]), { x: { knots: 2, logarithm: false } });
    expect(without && widthOf(without)).toBe(1);
  });

  it('scores as the regression does that it was made of', () => {
    scoreLinear(model, matrix).forEach((z, row) => expect(z).toBeCloseTo(logOddsOf(logistic, rows, row), 9));
  });

  it('is the mean and what each column adds', () => {
    const added = new Float64Array(matrix.rows * 2);
    addLinearContributions(model, matrix, added, 1);
    const scores = scoreLinear(model, matrix);
    scores.forEach((z, row) => expect(model.base + (added[2 * row] ?? 0) + (added[2 * row + 1] ?? 0)).toBeCloseTo(z, 10));
    expect(model.base).toBeCloseTo(scores.reduce((sum, z) => sum + z, 0) / matrix.rows, 10);
  });

  it('learns that to be missing means something', () => {
    const [missing, known] = scoreLinear(
      model,
      dataMatrix([numberColumn('tenure', [null, 40]), categoryColumn('plan', ['plus', 'plus'], ['basic', 'max', 'plus', 'rare'])]),
    );
    expect((missing ?? 0) - (known ?? 0)).toBeGreaterThan(1.5);
  });

  it('takes a rare and an unseen category for an average one', () => {
    const words = ['basic', 'max', 'plus', 'rare'];
    const three = dataMatrix([
      numberColumn('tenure', [9, 9, 9, 9, 9]),
      categoryColumn('plan', ['rare', 'unheard', 'basic', 'max', 'plus'], words),
    ]);
    const [rare = 0, unheard, ...known] = scoreLinear(model, three);
    expect(rare).toBe(unheard);
    expect(rare).toBeGreaterThan(Math.min(...known));
    expect(rare).toBeLessThan(Math.max(...known));
  });

  it('never has an infinite score, however far a number is from what was learnt', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (far) => {
        const one = dataMatrix([numberColumn('tenure', [far]), categoryColumn('plan', [null], ['basic', 'max', 'plus', 'rare'])]);
        return Number.isFinite(scoreLinear(model, one)[0]);
      }),
    );
  });
});

describe('logistic regression on some rows', () => {
  const rows = designRows(matrix, fitDesign(matrix, numbers));
  const some = Uint32Array.from({ length: 700 }, (_, index) => index * 2);

  it('is the regression on these rows alone', () => {
    const copied = new Float64Array(some.length * rows.columns);
    some.forEach((row, index) => copied.set(rows.values.subarray(row * rows.columns, (row + 1) * rows.columns), index * rows.columns));
    const alone = fitLogistic(
      { rows: some.length, columns: rows.columns, values: copied },
      labels.filter((_, row) => row % 2 === 0 && row < 1400),
      3,
    );
    expect(fitLogistic(rows, labels, 3, { rows: some })).toEqual(alone);
  });

  it('ends at the same place wherever it begins', () => {
    const there = fitLogistic(rows, labels, 3);
    const again = fitLogistic(rows, labels, 3, { start: fitLogistic(rows, labels, 300) });
    there.weights.forEach((weight, column) => expect(again.weights[column]).toBeCloseTo(weight, 4));
  });
});
