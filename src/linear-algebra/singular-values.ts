import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { bandOf } from './band.ts';
import { type Bidiagonal, bidiagonalOf } from './bidiagonal.ts';
import { type Products, transposed } from './products.ts';

/** Steps that one singular value may take; two are usual. */
const mostSteps = 60;

/**
 * The singular values of a matrix, in no order, each to within rounding of the largest: the matrix is brought to band
 * form by products, then to bidiagonal form, and its singular values are found by shifted QR steps without vectors
 * (Golub & Reinsch 1970). 8/3 n³ operations and more, nearly all in products, where singular vectors would take as many again
 * in loops; and other than the eigenvalues of A Aᵀ it leaves small singular values their digits.
 * @throws measure-refused when they are not found, which takes numbers that are not finite
 */
export async function singularValues(given: Matrix<Float64Array>, products: Products): Promise<Float64Array> {
  let largest = 0;
  for (const value of given.data) {
    const size = Math.abs(value);
    if (!Number.isFinite(size))
      throw new TransferEvidenceError(
        'measure-refused',
        `Singular values need finite numbers; a matrix of ${given.rows} × ${given.columns} holds ${value}. Look for images or a network that give such.`,
      );
    if (size > largest) largest = size;
  }
  if (largest === 0) return new Float64Array(Math.min(given.rows, given.columns));
  // With entries up to 1 no square overflows, and what underflows is far below rounding.
  const scaled = matrix(new Float64Array(given.data.length), given.rows, given.columns);
  for (let i = 0; i < scaled.data.length; i++) scaled.data[i] = given.data[i]! / largest;
  const tall = given.rows < given.columns ? transposed(scaled) : scaled;
  const values = valuesOf(bidiagonalOf(await bandOf(tall, widthFor(tall.columns), products)));
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * largest;
  return values;
}

/** Wider panels make better products, and more work in loops afterwards. */
function widthFor(columns: number): number {
  return columns < 1000 ? 16 : 32;
}

/** Overwrites the matrix; the singular values are left on the diagonal, up to their sign. */
function valuesOf({ diagonal: d, beside: e }: Bidiagonal): Float64Array {
  let norm = 0;
  for (let i = 0; i < d.length; i++) norm = Math.max(norm, Math.abs(d[i]!) + Math.abs(e[i] ?? 0));
  const nothing = Number.EPSILON * norm;
  let steps = 0;
  for (let last = d.length - 1; last > 0; ) {
    if (steps++ > mostSteps * d.length)
      throw new TransferEvidenceError(
        'measure-refused',
        `Singular value ${last} of ${d.length} was not found in ${steps} steps. Check the features for values that are not finite.`,
      );
    for (let i = 0; i < last; i++)
      if (Math.abs(e[i]!) <= Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!)) + tiny) e[i] = 0;
    if (e[last - 1] === 0) {
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && e[first - 1] !== 0) first--;
    let zero = last;
    while (zero >= first && Math.abs(d[zero]!) > nothing) zero--;
    if (zero >= first) clearRow(d, e, zero, first, last);
    else step(d, e, first, last);
  }
  for (let i = 0; i < d.length; i++) d[i] = Math.abs(d[i]!);
  return d;
}

/** Below this an entry is nothing, whatever stands beside it. */
const tiny = 1e-290;

/**
 * A zero on the diagonal parts the matrix: its row, or for the last its column, is turned to zeros. Both numbers of a rotation
 * may be so small here that their squares vanish.
 */
function clearRow(d: Float64Array, e: Float64Array, zero: number, first: number, last: number): void {
  d[zero] = 0;
  if (zero < last) {
    let bulge = e[zero]!;
    e[zero] = 0;
    for (let i = zero + 1; i <= last && bulge !== 0; i++) {
      const r = Math.hypot(d[i]!, bulge);
      const c = d[i]! / r;
      const s = bulge / r;
      d[i] = r;
      if (i < last) {
        bulge = -s * e[i]!;
        e[i] = c * e[i]!;
      }
    }
    return;
  }
  let bulge = e[last - 1]!;
  e[last - 1] = 0;
  for (let i = last - 1; i >= first && bulge !== 0; i--) {
    const r = Math.hypot(d[i]!, bulge);
    const c = d[i]! / r;
    const s = bulge / r;
    d[i] = r;
    if (i > first) {
      bulge = -s * e[i - 1]!;
      e[i - 1] = c * e[i - 1]!;
    }
  }
}

/** One QR step with Wilkinson's shift on rows `first` to `last` (Golub & Van Loan 2013, algorithm 8.6.1). */
function step(d: Float64Array, e: Float64Array, first: number, last: number): void {
  const before = last - 1 > first ? e[last - 2]! : 0;
  const a = d[last - 1]! ** 2 + before ** 2;
  const b = d[last]! ** 2 + e[last - 1]! ** 2;
  const between = d[last - 1]! * e[last - 1]!;
  const half = (a - b) / 2;
  const root = Math.sqrt(half * half + between * between);
  const denominator = half >= 0 ? half + root : half - root;
  const shift = denominator === 0 ? b : b - (between * between) / denominator;
  let y = d[first]! - shift / d[first]!;
  let z = e[first]!;
  for (let k = first; k < last; k++) {
    let r = Math.sqrt(y * y + z * z);
    let c = r === 0 ? 1 : y / r;
    let s = r === 0 ? 0 : z / r;
    if (k > first) e[k - 1] = r;
    y = c * d[k]! + s * e[k]!;
    e[k] = c * e[k]! - s * d[k]!;
    z = s * d[k + 1]!;
    d[k + 1] = c * d[k + 1]!;
    r = Math.sqrt(y * y + z * z);
    c = r === 0 ? 1 : y / r;
    s = r === 0 ? 0 : z / r;
    d[k] = r;
    y = c * e[k]! + s * d[k + 1]!;
    d[k + 1] = c * d[k + 1]! - s * e[k]!;
    if (k + 1 < last) {
      z = s * e[k + 1]!;
      e[k + 1] = c * e[k + 1]!;
    }
  }
  e[last - 1] = y;
}
