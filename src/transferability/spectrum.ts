import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix } from '../matrix.ts';

export interface Spectrum {
  /** In no order; those that are rounding may be slightly below 0. */
  values: Float64Array;
  /** Row k holds the products of eigenvector k with every column asked for: n × columns. */
  projected: Matrix<Float64Array>;
}

/** Passes that one eigenvalue may take; three are usual. */
const passes = 100;

/**
 * The eigenvalues of a symmetric matrix, and what its eigenvectors make of some columns, Vᵀ B, without the eigenvectors
 * themselves: the matrix is made tridiagonal by reflections and then diagonal by rotations (implicit QL; Bowdler, Martin,
 * Reinsch & Wilkinson 1968), each applied to B as it comes. For few columns that is a sixth of the work of eigenvectors.
 * @param symmetric n × n; only its lower triangle is read
 * @param columns n × c; the identity gives the eigenvectors, one a row
 * @throws measure-refused when an eigenvalue is not found or not finite, which takes entries that are not finite
 */
export function spectrumOf(symmetric: Matrix<Float64Array>, columns: Matrix<Float64Array>): Spectrum {
  const n = symmetric.rows;
  const projected = matrix(Float64Array.from(columns.data), n, columns.columns);
  const { diagonal, beside } = tridiagonalise(Float64Array.from(symmetric.data), n, projected);
  diagonalise(diagonal, beside, projected);
  if (!diagonal.every(Number.isFinite))
    throw new TransferEvidenceError(
      'measure-refused',
      `The eigenvalues of a ${n} × ${n} matrix are no finite numbers. Check the features for values that are not finite.`,
    );
  return { values: diagonal, projected };
}

/** Householder reflections from the last row up; `beside[i]` lies between `diagonal[i − 1]` and `diagonal[i]`. */
function tridiagonalise(
  a: Float64Array,
  n: number,
  b: Matrix<Float64Array>,
): { diagonal: Float64Array; beside: Float64Array } {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const product = new Float64Array(n);
  const sums = new Float64Array(b.columns);
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let scale = 0;
    for (let k = 0; k < i; k++) scale = Math.max(scale, Math.abs(a[row + k]!));
    diagonal[i] = a[row + i]!;
    if (i === 1 || scale === 0) {
      beside[i] = a[row + i - 1]!;
      continue;
    }
    // v = x ± |x| e, with x the row left of the diagonal, scaled against overflow.
    let square = 0;
    for (let k = 0; k < i; k++) {
      a[row + k] = a[row + k]! / scale;
      square += a[row + k]! ** 2;
    }
    const last = a[row + i - 1]!;
    const length = last >= 0 ? -Math.sqrt(square) : Math.sqrt(square);
    beside[i] = scale * length;
    a[row + i - 1] = last - length;
    const half = square - last * length;
    reflectSquare(a, n, i, half, product);
    reflectColumns(a.subarray(row, row + i), half, b, sums);
  }
  diagonal[0] = a[0]!;
  return { diagonal, beside };
}

/** The leading i × i part, reflected from both sides: A − v wᵀ − w vᵀ on the lower triangle, v being row i. */
function reflectSquare(a: Float64Array, n: number, i: number, half: number, w: Float64Array): void {
  const row = i * n;
  for (let j = 0; j < i; j++) w[j] = 0;
  for (let j = 0; j < i; j++) {
    const from = j * n;
    const v = a[row + j]!;
    let sum = 0;
    for (let k = 0; k < j; k++) {
      const x = a[from + k]!;
      sum += x * a[row + k]!;
      w[k]! += x * v;
    }
    w[j]! += sum + a[from + j]! * v;
  }
  let along = 0;
  for (let j = 0; j < i; j++) {
    w[j] = w[j]! / half;
    along += w[j]! * a[row + j]!;
  }
  const shift = along / (2 * half);
  for (let j = 0; j < i; j++) w[j] = w[j]! - shift * a[row + j]!;
  for (let j = 0; j < i; j++) {
    const from = j * n;
    const v = a[row + j]!;
    const u = w[j]!;
    for (let k = 0; k <= j; k++) a[from + k] = a[from + k]! - v * w[k]! - u * a[row + k]!;
  }
}

/** The first rows of B, as many as v is long, reflected: B − v (vᵀ B) ÷ half. */
function reflectColumns(v: Float64Array, half: number, { data, columns }: Matrix<Float64Array>, sums: Float64Array) {
  sums.fill(0);
  v.forEach((x, k) => {
    for (let c = 0, at = k * columns; c < columns; c++, at++) sums[c]! += x * data[at]!;
  });
  v.forEach((x, k) => {
    const share = x / half;
    for (let c = 0, at = k * columns; c < columns; c++, at++) data[at] = data[at]! - share * sums[c]!;
  });
}

/** Implicit QL with Wilkinson's shift on a tridiagonal matrix; every rotation of two rows is applied to B. */
function diagonalise(d: Float64Array, beside: Float64Array, { data, columns }: Matrix<Float64Array>): void {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(beside.subarray(1));
  for (let l = 0; l < n; l++) {
    for (let pass = 0; ; pass++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!)) + tiny) m++;
      if (m === l) break;
      if (pass === passes)
        throw new TransferEvidenceError(
          'measure-refused',
          `Eigenvalue ${l} of a ${n} × ${n} matrix was not found in ${passes} passes. Check the features for values that are not finite.`,
        );
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = Math.hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] = d[i + 1]! - p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        for (let k = 0, upper = i * columns, lower = (i + 1) * columns; k < columns; k++, upper++, lower++) {
          const below = data[lower]!;
          data[lower] = s * data[upper]! + c * below;
          data[upper] = c * data[upper]! - s * below;
        }
      }
      if (r === 0 && i >= l) continue;
      d[l] = d[l]! - p;
      e[l] = g;
      e[m] = 0;
    }
  }
}

/** Below this an entry beside the diagonal is nothing, whatever stands on it. */
const tiny = 1e-290;
