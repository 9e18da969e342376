/**
 * Solves `a x = b` for a symmetric positive definite `a` (row-major, size x size; only the lower half is read).
 * @throws RangeError if `a` is not positive definite
 */
export function solve(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const factor = factorise(a, size);
  const x = Float64Array.from(b);
  for (let row = 0; row < size; row++) {
    let sum = at(x, row);
    for (let k = 0; k < row; k++) sum -= at(factor, row * size + k) * at(x, k);
    x[row] = sum / at(factor, row * size + row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = at(x, row);
    for (let k = row + 1; k < size; k++) sum -= at(factor, k * size + row) * at(x, k);
    x[row] = sum / at(factor, row * size + row);
  }
  return x;
}

/** The lower triangle L with L Lt = a. */
function factorise(a: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(a, row * size + column);
      for (let k = 0; k < column; k++) sum -= at(factor, row * size + k) * at(factor, column * size + k);
      if (row !== column) factor[row * size + column] = sum / at(factor, column * size + column);
      else if (sum > 0) factor[row * size + row] = Math.sqrt(sum);
      else throw new RangeError('The matrix is not positive definite');
    }
  }
  return factor;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
