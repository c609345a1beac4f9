/** Small symmetric matrices, row by row in one array: what turns a curvature into steps, errors and correlated draws. */

/** The lower triangle L with L L' = matrix, or `null` where the matrix is not positive definite. */
export function cholesky(matrix: ArrayLike<number>, size: number): Float64Array | null {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] as number;
      for (let k = 0; k < column; k++) sum -= at(lower, size, row, k) * at(lower, size, column, k);
      if (row !== column) lower[row * size + column] = sum / at(lower, size, column, column);
      else if (sum > 0 && sum < Infinity) lower[row * size + row] = Math.sqrt(sum);
      else return null;
    }
  }
  return lower;
}

/** The inverse of L L', given L. */
export function inverseFromCholesky(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    inverse.set(solveCholesky(lower, size, unit), column * size);
  }
  return inverse;
}

function solveCholesky(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    let sum = solution[row] as number;
    for (let k = 0; k < row; k++) sum -= at(lower, size, row, k) * (solution[k] as number);
    solution[row] = sum / at(lower, size, row, row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] as number;
    for (let k = row + 1; k < size; k++) sum -= at(lower, size, k, row) * (solution[k] as number);
    solution[row] = sum / at(lower, size, row, row);
  }
  return solution;
}

/** matrix * vector. */
export function timesVector(matrix: ArrayLike<number>, vector: ArrayLike<number>): Float64Array {
  const size = vector.length;
  const product = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += (matrix[row * size + k] as number) * (vector[k] as number);
    product[row] = sum;
  }
  return product;
}

function at(matrix: Float64Array, size: number, row: number, column: number): number {
  return matrix[row * size + column] as number;
}
