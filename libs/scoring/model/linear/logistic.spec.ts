import { createRandom } from '../../../platform/random.js';
import { fitLogistic, logOddsOf, sigmoid } from './logistic.js';

function sample(rows: number, intercept: number, weights: readonly number[]) {
  const random = createRandom('logistic');
  const values = Float64Array.from({ length: rows * weights.length }, () => random.next() * 4 - 2);
  const matrix = { rows, columns: weights.length, values };
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    random.chance(sigmoid(logOddsOf({ intercept, weights }, matrix, row))) ? 1 : 0,
  );
  return { matrix, labels };
}

describe('logistic regression', () => {
  it('finds the weights from which the data was made', () => {
    const { matrix, labels } = sample(40_000, -1, [0.8, -0.5, 0]);
    const { intercept, weights } = fitLogistic(matrix, labels, 1);
    expect(intercept).toBeCloseTo(-1, 1);
    [0.8, -0.5, 0].forEach((weight, index) => expect(weights[index]).toBeCloseTo(weight, 1));
  });

  it('ends where the gradient of the penalised loss is zero', () => {
    const { matrix, labels } = sample(500, 0.5, [1, -2]);
    const l2 = 3;
    const model = fitLogistic(matrix, labels, l2);
    const slope = [0, 0, 0];
    for (let row = 0; row < matrix.rows; row++) {
      const miss = sigmoid(logOddsOf(model, matrix, row)) - (labels[row] ?? 0);
      [matrix.values[row * 2] ?? 0, matrix.values[row * 2 + 1] ?? 0, 1].forEach(
        (value, index) => (slope[index] = (slope[index] ?? 0) + miss * value),
      );
    }
    model.weights.forEach((weight, index) => (slope[index] = (slope[index] ?? 0) + l2 * weight));
    slope.forEach((each) => expect(each).toBeCloseTo(0, 3));
  });

  it('ends with finite weights if one column separates all', () => {
    const values = Float64Array.from({ length: 100 }, (_, row) => row - 49.5);
    const { intercept, weights } = fitLogistic(
      { rows: 100, columns: 1, values },
      Uint8Array.from(values, (value) => (value > 0 ? 1 : 0)),
      1,
    );
    expect(Number.isFinite(intercept)).toBe(true);
    expect(weights[0]).toBeGreaterThan(0);
  });

  it('ends if all outcomes are the same', () => {
    const matrix = { rows: 3, columns: 1, values: Float64Array.of(1, 2, 3) };
    expect(Number.isFinite(fitLogistic(matrix, Uint8Array.of(1, 1, 1), 1).intercept)).toBe(true);
  });
});

describe('sigmoid', () => {
  it('does not overflow', () => {
    expect([sigmoid(-1000), sigmoid(0), sigmoid(1000)]).toEqual([0, 0.5, 1]);
  });
});
