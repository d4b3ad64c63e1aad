import { TransferEvidenceError } from '../errors.ts';
import { type Products, transposed } from '../linear-algebra/products.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { allRows } from './labelled.ts';
import { spectrumOf } from './spectrum.ts';

/** Rows by their principal components, the largest first. Signs are as the decomposition leaves them. */
export interface PrincipalComponents {
  /** n × p. */
  scores: Matrix<Float64Array>;
  /** Share of the variance that each holds. */
  energy: Float64Array;
}

/**
 * The fewest principal components that hold a share of the variance, or a number of them. Of the smaller of the two
 * products, rows with rows or columns with columns.
 * @throws measure-refused where nothing varies
 */
export async function principalComponents(
  { data, rows: n, columns: d }: Matrix,
  wanted: { energy: number } | { count: number },
  products: Products,
): Promise<PrincipalComponents> {
  const centred = matrix(new Float64Array(data.length), n, d);
  for (let k = 0; k < d; k++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += data[i * d + k]! / n;
    for (let i = 0; i < n; i++) centred.data[i * d + k] = data[i * d + k]! - mean;
  }
  const byRows = n <= d;
  const side = byRows ? centred : transposed(centred);
  const { values, projected } = await spectrumOf(await products.rows(side, side), identity(side.rows), products);
  const floor = values.reduce((most, value) => Math.max(most, value), 0) * Math.max(n, d) * Number.EPSILON;
  const order = [...allRows(values.length)].filter((k) => values[k]! > floor).sort((a, b) => values[b]! - values[a]!);
  const total = order.reduce((sum, k) => sum + values[k]!, 0);
  if (!(total > 0))
    throw new TransferEvidenceError(
      'measure-refused',
      'Principal components need features that vary over the images; none does. Check the network and its preprocessing.',
    );
  const energy = Float64Array.from(order, (k) => values[k]! / total);
  const count = 'count' in wanted ? Math.min(wanted.count, order.length) : countOf(energy, wanted.energy);
  const vectors = matrix(new Float64Array(count * side.rows), count, side.rows);
  for (let p = 0; p < count; p++) {
    const from = order[p]! * side.rows;
    vectors.data.set(projected.data.subarray(from, from + side.rows), p * side.rows);
  }
  // X = U S Vᵀ: scores are U S, or X V.
  const scores = byRows ? matrix(new Float64Array(n * count), n, count) : await products.rows(centred, vectors);
  if (byRows)
    for (let p = 0; p < count; p++) {
      const length = Math.sqrt(values[order[p]!]!);
      for (let i = 0; i < n; i++) scores.data[i * count + p] = vectors.data[p * n + i]! * length;
    }
  return { scores, energy: energy.subarray(0, count) };
}

function countOf(energy: Float64Array, wanted: number): number {
  let held = 0;
  for (const [index, share] of energy.entries()) {
    held += share;
    if (held >= wanted) return index + 1;
  }
  return energy.length;
}

function identity(n: number): Matrix<Float64Array> {
  const out = matrix(new Float64Array(n * n), n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}
