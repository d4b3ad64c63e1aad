import { type Matrix, matrix } from '../matrix.ts';
import { type Products, transposed } from './products.ts';
import { addFour, addScaled } from './reflectors.ts';

/** Rows that are eliminated in loops before the rest is brought up to date by one product. */
const blockRows = 64;

/**
 * U with Uᵀ U = A for a positive semidefinite A, rank × n: Cholesky's factor by rows, without those whose pivot is rounding
 * of 0. Such a row has nothing to give: in a semidefinite matrix all of it is as small as its pivot. Golub & Van Loan
 * 2013, sections 4.2.6 and 4.2.8.
 * @param given n × n, symmetric
 */
export async function semidefiniteFactor(
  given: Matrix<Float64Array>,
  products: Products,
): Promise<Matrix<Float64Array>> {
  const n = given.rows;
  const a = new Float64Array(given.data);
  const kept: number[] = [];
  for (let from = 0; from < n; from += blockRows) {
    const to = Math.min(n, from + blockRows);
    const inBlock: number[] = [];
    for (let i = from; i < to; i++) {
      subtractRows(a, n, i, from);
      const pivot = a[i * n + i]!;
      if (!(pivot > n * Number.EPSILON * given.data[i * n + i]!)) {
        a.fill(0, i * n + i, (i + 1) * n);
        continue;
      }
      const root = Math.sqrt(pivot);
      for (let j = i; j < n; j++) a[i * n + j] = a[i * n + j]! / root;
      inBlock.push(i);
    }
    kept.push(...inBlock);
    if (to < n && inBlock.length > 0) await eliminate(a, n, inBlock, to, products);
  }
  const out = matrix(new Float64Array(kept.length * n), kept.length, n);
  kept.forEach((row, i) => {
    out.data.set(a.subarray(row * n + row, (row + 1) * n), i * n + row);
  });
  return out;
}

/** Takes the part of the rows `from` to `row` from row `row`. */
function subtractRows(a: Float64Array, n: number, row: number, from: number): void {
  const at = row * n + row;
  const count = row - from;
  const factors = Float64Array.from({ length: count }, (_, k) => -a[(from + k) * n + row]!);
  const fours = count - (count % 4);
  for (let k = 0; k < fours; k += 4) addFour(a, at, factors, k, a, (from + k) * n + row, n, n - row);
  for (let k = fours; k < count; k++) addScaled(a, at, factors[k]!, a, (from + k) * n + row, n - row);
}

/** Takes the finished rows' part from all rows from `first` on. */
async function eliminate(
  a: Float64Array,
  n: number,
  rows: readonly number[],
  first: number,
  products: Products,
): Promise<void> {
  const width = n - first;
  const done = matrix(new Float64Array(rows.length * width), rows.length, width);
  rows.forEach((row, i) => {
    done.data.set(a.subarray(row * n + first, (row + 1) * n), i * width);
  });
  const columns = transposed(done);
  const { data } = await products.rows(columns, columns);
  for (let i = 0; i < width; i++) {
    const at = (first + i) * n + first;
    for (let j = i; j < width; j++) a[at + j] = a[at + j]! - data[i * width + j]!;
  }
}
