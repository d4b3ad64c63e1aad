import { mirrorLower } from '../../linear-algebra/dot-products.ts';
import { type Products, transposed } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { cholesky } from './cholesky.ts';

/** Rows up to which loops invert faster than products of quarters do. */
const fewestRows = 64;

/**
 * The inverse of a symmetric positive definite matrix, n × n and symmetric to the bit. A is taken in quarters: its first
 * quarter and what that leaves of the last (the Schur complement) are inverted likewise, and the rest is products of
 * matrices, ⅔ n³ multiplications. Banachiewicz 1937; Golub & Van Loan 2013, section 3.2.11. Errors grow with the condition
 * of A as in every explicit inverse: good for preconditioning, not for the last digits of a solution.
 * @throws measure-refused when A is not positive definite
 */
export async function positiveInverse(a: Matrix<Float64Array>, products: Products): Promise<Matrix<Float64Array>> {
  const n = a.rows;
  if (n <= fewestRows) return inverseInLoops(a);
  const half = n >> 1;
  const first = await positiveInverse(quarter(a, 0, half, 0, half), products);
  const below = quarter(a, half, n, 0, half);
  // P = A₁₁⁻¹ A₁₂, by rows of its transpose: A is symmetric.
  const p = await products.product(below, first);
  const schur = quarter(a, half, n, half, n);
  const taken = await products.rows(p, below);
  for (let i = 0; i < schur.data.length; i++) schur.data[i] = schur.data[i]! - taken.data[i]!;
  const last = await positiveInverse(schur, products);
  const q = await products.product(last, p);
  const change = await products.product(transposed(p), q);
  const out = matrix(new Float64Array(n * n), n, n);
  for (let i = 0; i < half; i++)
    for (let j = 0; j <= i; j++) out.data[i * n + j] = first.data[i * half + j]! + change.data[i * half + j]!;
  for (let i = half; i < n; i++) {
    const row = i - half;
    for (let j = 0; j < half; j++) out.data[i * n + j] = -q.data[row * half + j]!;
    out.data.set(last.data.subarray(row * (n - half), row * (n - half) + row + 1), i * n + half);
  }
  mirrorLower(out.data, n);
  return out;
}

function inverseInLoops({ data, rows }: Matrix<Float64Array>): Matrix<Float64Array> {
  const unit = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) unit[i * rows + i] = 1;
  const out = new Float64Array(rows * rows);
  cholesky(data, rows).solve(unit, rows, out);
  mirrorLower(out, rows);
  return matrix(out, rows, rows);
}

function quarter(
  { data, columns }: Matrix<Float64Array>,
  top: number,
  bottom: number,
  left: number,
  right: number,
): Matrix<Float64Array> {
  const out = matrix(new Float64Array((bottom - top) * (right - left)), bottom - top, right - left);
  for (let i = top; i < bottom; i++)
    out.data.set(data.subarray(i * columns + left, i * columns + right), (i - top) * (right - left));
  return out;
}
