import { TransferEvidenceError } from '../errors.ts';
import type { Products } from '../linear-algebra/products.ts';
import { fullBandOf, symmetricBandOf } from '../linear-algebra/symmetric-band.ts';
import { tridiagonalOf } from '../linear-algebra/tridiagonal.ts';
import { type Matrix, matrix } from '../matrix.ts';

export interface Spectrum {
  /** In no order; those that are rounding may be slightly below 0. */
  values: Float64Array;
  /** Row k holds the products of eigenvector k with every column asked for: n × columns. */
  projected: Matrix<Float64Array>;
}

/** Passes that one eigenvalue may take; three are usual. */
const passes = 100;

/** A matrix from this size on is brought to a band by products first; a smaller one is tridiagonal sooner without. */
const fewestForBand = 128;

/**
 * The eigenvalues of a symmetric matrix, and what its eigenvectors make of some columns, Vᵀ B, without the eigenvectors
 * themselves: the matrix is made tridiagonal by reflections, a large one by way of a band, and then diagonal by rotations
 * (implicit QL; Bowdler, Martin, Reinsch & Wilkinson 1968), each applied to B as it comes. For few columns that is a small
 * share of the work of eigenvectors.
 * @param symmetric n × n, both triangles
 * @param columns n × c; the identity gives the eigenvectors, one a row
 * @throws measure-refused when an eigenvalue is not found or not finite, which takes entries that are not finite
 */
export async function spectrumOf(
  symmetric: Matrix<Float64Array>,
  columns: Matrix<Float64Array>,
  products: Products,
): Promise<Spectrum> {
  const n = symmetric.rows;
  let largest = 0;
  for (let at = 0; at < symmetric.data.length; at++) {
    const value = symmetric.data[at]!;
    const size = Math.abs(value);
    if (!(size < Infinity))
      throw new TransferEvidenceError(
        'measure-refused',
        `The eigenvalues of a matrix need finite numbers; one of ${n} × ${n} holds ${value}. Check the features for values that are not finite.`,
      );
    if (size > largest) largest = size;
  }
  const projected = matrix(new Float64Array(columns.data), n, columns.columns);
  if (largest === 0) return { values: new Float64Array(n), projected };
  // With entries up to 1 no square overflows, and what underflows is far below rounding.
  const scaled = matrix(new Float64Array(symmetric.data.length), n, n);
  for (let at = 0; at < scaled.data.length; at++) scaled.data[at] = symmetric.data[at]! / largest;
  const band = n < fewestForBand ? fullBandOf(scaled) : await symmetricBandOf(scaled, bandWidth, projected, products);
  const { diagonal, beside } = tridiagonalOf(band, projected);
  diagonalise(diagonal, beside, projected);
  for (let k = 0; k < n; k++) diagonal[k] = diagonal[k]! * largest;
  return { values: diagonal, projected };
}

/** Wider panels make better products, and more work in loops afterwards. */
const bandWidth = 16;

/** Implicit QL with Wilkinson's shift on a tridiagonal matrix; every rotation of two rows is applied to B. */
function diagonalise(d: Float64Array, beside: Float64Array, { data, columns }: Matrix<Float64Array>): void {
  const n = d.length;
  const e = new Float64Array(n);
  e.set(beside);
  let norm = 0;
  for (let i = 0; i < n; i++) norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i]!));
  // Entries that are rounding of the whole: among them, where a matrix has not full rank, rotations would not settle.
  const nothing = Number.EPSILON * norm;
  for (let l = 0; l < n; l++) {
    for (let pass = 0; ; pass++) {
      let m = l;
      while (m < n - 1 && Math.abs(e[m]!) > nothing) m++;
      if (m === l) break;
      if (pass === passes)
        throw new TransferEvidenceError(
          'measure-refused',
          `Eigenvalue ${l} of a ${n} × ${n} matrix was not found in ${passes} passes. Check the features for values that are not finite.`,
        );
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = Math.sqrt(g * g + 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i]!;
        const b = c * e[i]!;
        r = Math.sqrt(f * f + g * g);
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
