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

/** log(1 + e^z), without overflow: the logistic loss of a row is softplus(z) - y z. */
export function softplus(z: number): number {
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

export interface FitOptions {
  /** The rows to learn from; all where it is not given. */
  readonly rows?: Uint32Array;
  /** Where to begin, such as the model of another penalty: fewer steps then. */
  readonly start?: Logistic;
}

/**
 * Logistic regression with an L2 penalty (`l2`/2 on the sum of squared weights; the intercept is free) by Newton's method, that is,
 * iteratively reweighted least squares (Hastie, Tibshirani, Friedman: Elements of Statistical Learning, 4.4.1), with steps halved until the
 * loss falls.
 * @param labels 1 if it happened, otherwise 0; one for each row
 */
export function fitLogistic(matrix: Matrix, labels: Uint8Array, l2: number, options: FitOptions = {}): Logistic {
  const size = matrix.columns + 1;
  const rows = options.rows ?? Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  // The intercept comes last, so that weights and columns have the same indices.
  let now = Float64Array.from({ length: size }, (_, index) => options.start?.weights[index] ?? 0);
  now[size - 1] = options.start?.intercept ?? 0;
  let loss = penalisedLoss(matrix, labels, rows, l2, now);
  for (let step = 0; step < maximalSteps; step++) {
    const direction = newtonStep(matrix, labels, rows, l2, now);
    let length = 1;
    let next = moved(now, direction, length);
    let nextLoss = penalisedLoss(matrix, labels, rows, l2, next);
    while (nextLoss > loss && length > 1e-6) {
      length /= 2;
      next = moved(now, direction, length);
      nextLoss = penalisedLoss(matrix, labels, rows, l2, next);
    }
    const gain = loss - nextLoss;
    if (gain <= 0) break;
    now = next;
    loss = nextLoss;
    if (gain < tolerance * (1 + Math.abs(loss))) break;
  }
  return { intercept: now[size - 1] ?? 0, weights: [...now.subarray(0, size - 1)] };
}

/** The inverse Hessian times the negative gradient. Most columns of categories are 0 in most rows, and are skipped. */
function newtonStep(
  { columns, values }: Matrix,
  labels: Uint8Array,
  rows: Uint32Array,
  l2: number,
  parameters: Float64Array,
): Float64Array<ArrayBuffer> {
  const size = columns + 1;
  const hessian = new Float64Array(size * size);
  const downhill = new Float64Array(size);
  const places = new Int32Array(size);
  const filled = new Float64Array(size);
  for (const row of rows) {
    const start = row * columns;
    let count = 0;
    let z = parameters[columns] ?? 0;
    for (let column = 0; column < columns; column++) {
      const value = values[start + column] ?? 0;
      if (value === 0) continue;
      z += value * (parameters[column] ?? 0);
      places[count] = column;
      filled[count++] = value;
    }
    places[count] = columns;
    filled[count++] = 1;
    const likelihood = sigmoid(z);
    const miss = (labels[row] ?? 0) - likelihood;
    const weight = Math.max(likelihood * (1 - likelihood), 1e-10);
    for (let i = 0; i < count; i++) {
      const place = places[i] ?? 0;
      const value = filled[i] ?? 0;
      downhill[place] = (downhill[place] ?? 0) + miss * value;
      const weighted = weight * value;
      const line = place * size;
      for (let j = 0; j <= i; j++) {
        const at = line + (places[j] ?? 0);
        hessian[at] = (hessian[at] ?? 0) + weighted * (filled[j] ?? 0);
      }
    }
  }
  for (let i = 0; i < columns; i++) {
    hessian[i * size + i] = (hessian[i * size + i] ?? 0) + l2;
    downhill[i] = (downhill[i] ?? 0) - l2 * (parameters[i] ?? 0);
  }
  return new Float64Array(solve(hessian, downhill));
}

function penalisedLoss({ columns, values }: Matrix, labels: Uint8Array, rows: Uint32Array, l2: number, parameters: Float64Array): number {
  let loss = 0;
  for (const row of rows) {
    let z = parameters[columns] ?? 0;
    for (let column = 0; column < columns; column++) z += (values[row * columns + column] ?? 0) * (parameters[column] ?? 0);
    loss += softplus(z) - (labels[row] ?? 0) * z;
  }
  for (let column = 0; column < columns; column++) loss += (l2 / 2) * (parameters[column] ?? 0) ** 2;
  return loss;
}

function moved(from: Float64Array, direction: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(from, (value, index) => value + length * (direction[index] ?? 0));
}
