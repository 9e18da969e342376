import { solve } from './cholesky.js';

/** Rows of numbers, one after the other: `values[row * columns + column]`. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** log-odds = intercept + weights . row */
export interface Logistic {
  readonly intercept: number;
  readonly weights: readonly number[];
}

/** The likelihood for a given log-odds, without overflow. */
export function sigmoid(logOdds: number): number {
  if (logOdds >= 0) return 1 / (1 + Math.exp(-logOdds));
  const odds = Math.exp(logOdds);
  return odds / (1 + odds);
}

/** log(1 + e^z), without overflow: the loss of a row is softplus(z) - y z. */
function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** The log-odds of one row of `matrix`. */
export function logOddsOf(model: Logistic, matrix: Matrix, row: number): number {
  const { weights } = model;
  const start = row * matrix.columns;
  let sum = model.intercept;
  for (let column = 0; column < matrix.columns; column++) sum += (weights[column] ?? 0) * (matrix.values[start + column] ?? 0);
  return sum;
}

const maximalSteps = 50;
const tolerance = 1e-8;

/**
 * Logistic regression with an L2 penalty (`l2`/2 on the sum of squared weights; the intercept is free) by Newton's method, that is,
 * iteratively reweighted least squares (Hastie, Tibshirani, Friedman: Elements of Statistical Learning, 4.4.1), with steps halved until the
 * loss falls.
 * @param labels 1 if it happened, otherwise 0; one for each row
 */
export function fitLogistic(matrix: Matrix, labels: Uint8Array, l2: number): Logistic {
  const size = matrix.columns + 1;
  // The intercept comes last, so that weights and columns have the same indices.
  let now = new Float64Array(size);
  let loss = penalisedLoss(matrix, labels, l2, now);
  for (let step = 0; step < maximalSteps; step++) {
    const direction = newtonStep(matrix, labels, l2, now);
    let length = 1;
    let next = moved(now, direction, length);
    let nextLoss = penalisedLoss(matrix, labels, l2, next);
    while (nextLoss > loss && length > 1e-6) {
      length /= 2;
      next = moved(now, direction, length);
      nextLoss = penalisedLoss(matrix, labels, l2, next);
    }
    const gain = loss - nextLoss;
    if (gain <= 0) break;
    now = next;
    loss = nextLoss;
    if (gain < tolerance * (1 + Math.abs(loss))) break;
  }
  return { intercept: now[size - 1] ?? 0, weights: [...now.subarray(0, size - 1)] };
}

/** The inverse Hessian times the negative gradient. */
function newtonStep(matrix: Matrix, labels: Uint8Array, l2: number, parameters: Float64Array): Float64Array<ArrayBuffer> {
  const { rows, columns, values } = matrix;
  const size = columns + 1;
  const hessian = new Float64Array(size * size);
  const downhill = new Float64Array(size);
  const row = new Float64Array(size).fill(1);
  for (let index = 0; index < rows; index++) {
    row.set(values.subarray(index * columns, (index + 1) * columns));
    const likelihood = sigmoid(dot(row, parameters));
    const miss = (labels[index] ?? 0) - likelihood;
    const weight = Math.max(likelihood * (1 - likelihood), 1e-10);
    for (let i = 0; i < size; i++) {
      const value = row[i] ?? 0;
      if (value === 0) continue;
      downhill[i] = (downhill[i] ?? 0) + miss * value;
      const weighted = weight * value;
      const start = i * size;
      for (let j = 0; j <= i; j++) hessian[start + j] = (hessian[start + j] ?? 0) + weighted * (row[j] ?? 0);
    }
  }
  for (let i = 0; i < columns; i++) {
    hessian[i * size + i] = (hessian[i * size + i] ?? 0) + l2;
    downhill[i] = (downhill[i] ?? 0) - l2 * (parameters[i] ?? 0);
  }
  return new Float64Array(solve(hessian, downhill));
}

function penalisedLoss(matrix: Matrix, labels: Uint8Array, l2: number, parameters: Float64Array): number {
  const { rows, columns, values } = matrix;
  let loss = 0;
  for (let index = 0; index < rows; index++) {
    let z = parameters[columns] ?? 0;
    for (let column = 0; column < columns; column++) z += (values[index * columns + column] ?? 0) * (parameters[column] ?? 0);
    loss += softplus(z) - (labels[index] ?? 0) * z;
  }
  for (let column = 0; column < columns; column++) loss += (l2 / 2) * (parameters[column] ?? 0) ** 2;
  return loss;
}

function moved(from: Float64Array, direction: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(from, (value, index) => value + length * (direction[index] ?? 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
