import { TransferEvidenceError } from '../../errors.ts';
import { type Products, transposed } from '../../linear-algebra/products.ts';
import { semidefiniteFactor } from '../../linear-algebra/semidefinite-factor.ts';
import { type Matrix, matrix, selectRows } from '../../matrix.ts';
import { allRows } from '../rows.ts';

/** A Gaussian by its sample mean and a factor of its sample covariance, which is divided by n − 1. */
export interface Moments {
  count: number;
  /** d numbers. */
  mean: Float64Array;
  /** The trace of the covariance. */
  variance: number;
  /** F with Fᵀ F the covariance: rank × d, at most min(n, d) rows. */
  factor: Matrix<Float64Array>;
}

/** Sums over rows from which moments of any number of rows follow: for sets that are too large to be held. */
export interface Scatter {
  count: number;
  mean: Float64Array;
  /** Σ (x − mean)(x − mean)ᵀ, d × d. */
  squares: Matrix<Float64Array>;
}

/** Rows that are centred and multiplied at a time: wide enough for full speed, narrow enough to cost little memory. */
const chunkRows = 2048;

/**
 * Mean and covariance of the rows of all chunks together in one pass, in memory of a few d × d squares and one chunk,
 * whatever the number of rows: each chunk's own sums of squares are joined to those before (Chan, Golub & LeVeque 1983).
 * @param chunks rows of d columns each, at least 2 rows in all
 * @throws shape-mismatch when chunks differ in columns, measure-refused for fewer than 2 rows
 */
export async function momentsOfChunks(
  chunks: AsyncIterable<Matrix> | Iterable<Matrix>,
  products: Products,
): Promise<Moments> {
  const scatter = await scatterOf(chunks, products);
  if (scatter.count < 2)
    throw new TransferEvidenceError(
      'measure-refused',
      `A covariance needs at least 2 images; ${scatter.count} given. More images would do.`,
    );
  return fromScatter(scatter, products);
}

/**
 * Moments of the given rows, at least 2.
 * @param whole the sums over all rows of the set, when they are known: those of most of its rows follow from them by what
 *   the others take away
 */
export async function momentsOf(set: Matrix, rows: Int32Array, products: Products, whole?: Scatter): Promise<Moments> {
  if (rows.length <= set.columns) return fromRows(set, rows);
  return fromScatter(
    (whole && (await without(whole, set, rows, products))) ?? (await direct(set, rows, products)),
    products,
  );
}

/** The sums over all rows of a set. */
export function scatterOfSet(set: Matrix, products: Products): Promise<Scatter> {
  return direct(set, allRows(set.rows), products);
}

async function scatterOf(chunks: AsyncIterable<Matrix> | Iterable<Matrix>, products: Products): Promise<Scatter> {
  let all: Scatter | undefined;
  for await (const chunk of chunks) {
    if (all && chunk.columns !== all.mean.length)
      throw new TransferEvidenceError(
        'shape-mismatch',
        `Chunks of one set need equal columns; ${all.mean.length} and ${chunk.columns} were given.`,
      );
    all = await withRows(all, chunk, products);
  }
  return all ?? { count: 0, mean: new Float64Array(0), squares: matrix(new Float64Array(0), 0, 0) };
}

/** The sums over some rows joined to those before, which are written to. */
export async function withRows(
  before: Scatter | undefined,
  rows: Matrix,
  products: Products,
): Promise<Scatter | undefined> {
  return rows.rows === 0 ? before : joined(before, await scatterOfRows(rows, products));
}

/** Moments of the rows of several parts of a set together, at least 2, from the sums over each. */
export function momentsOfParts(parts: readonly Scatter[], products: Products): Promise<Moments> {
  const [first, ...others] = parts;
  const squares = matrix(new Float64Array(first!.squares.data), first!.squares.rows, first!.squares.columns);
  return fromScatter(others.reduce<Scatter>(joined, { ...first!, squares }), products);
}

function direct(set: Matrix, rows: Int32Array, products: Products): Promise<Scatter> {
  function* chunks(): Iterable<Matrix> {
    for (let from = 0; from < rows.length; from += chunkRows) yield chosen(set, rows.subarray(from, from + chunkRows));
  }
  return scatterOf(chunks(), products);
}

async function scatterOfRows(set: Matrix, products: Products): Promise<Scatter> {
  const mean = meanOf(set);
  const columns = transposed(centred(set, mean));
  return { count: set.rows, mean, squares: await products.rows(columns, columns) };
}

/** Written into the first's squares. */
function joined(a: Scatter | undefined, b: Scatter): Scatter {
  if (!a) return b;
  const d = a.mean.length;
  const count = a.count + b.count;
  const apart = a.mean.map((value, k) => b.mean[k]! - value);
  const weight = (a.count * b.count) / count;
  for (let i = 0, at = 0; i < d; i++) {
    const share = weight * apart[i]!;
    for (let j = 0; j < d; j++, at++) a.squares.data[at]! += b.squares.data[at]! + share * apart[j]!;
  }
  return { count, mean: a.mean.map((value, k) => value + (apart[k]! * b.count) / count), squares: a.squares };
}

/** A feature of which less than this share of the squares is left was carried by the rows that are left out. */
const leastLeft = 1e-3;

/**
 * The sums over some rows: those over all less those over the others. Nothing when the others are more than half, where it
 * would save no work, or when little of some feature is left, where it would cost digits.
 */
async function without(
  whole: Scatter,
  set: Matrix,
  rows: Int32Array,
  products: Products,
): Promise<Scatter | undefined> {
  if (2 * rows.length <= set.rows) return undefined;
  const d = set.columns;
  const isKept = new Uint8Array(set.rows);
  for (const row of rows) isKept[row] = 1;
  const others = allRows(set.rows).filter((row) => isKept[row] === 0);
  const mean = meanOf(set, rows);
  const squares = matrix(new Float64Array(whole.squares.data), d, d);
  for (let from = 0; from < others.length; from += chunkRows) {
    const columns = transposed(centred(chosen(set, others.subarray(from, from + chunkRows)), whole.mean));
    const { data } = await products.rows(columns, columns);
    for (let at = 0; at < data.length; at++) squares.data[at]! -= data[at]!;
  }
  for (let i = 0, at = 0; i < d; i++) {
    const share = rows.length * (mean[i]! - whole.mean[i]!);
    for (let j = 0; j < d; j++, at++) squares.data[at]! -= share * (mean[j]! - whole.mean[j]!);
  }
  for (let k = 0; k < d; k++)
    if (squares.data[k * d + k]! < leastLeft * whole.squares.data[k * d + k]!) return undefined;
  return { count: rows.length, mean, squares };
}

async function fromScatter({ count, mean, squares }: Scatter, products: Products): Promise<Moments> {
  const d = mean.length;
  let variance = 0;
  for (let k = 0; k < d; k++) variance += squares.data[k * d + k]! / (count - 1);
  const factor = await semidefiniteFactor(squares, products);
  const scale = 1 / Math.sqrt(count - 1);
  for (let at = 0; at < factor.data.length; at++) factor.data[at]! *= scale;
  return { count, mean, variance, factor };
}

function fromRows(set: Matrix, rows: Int32Array): Moments {
  const taken = chosen(set, rows);
  const mean = meanOf(taken);
  const factor = centred(taken, mean);
  const scale = 1 / Math.sqrt(rows.length - 1);
  let variance = 0;
  for (let at = 0; at < factor.data.length; at++) {
    const value = factor.data[at]! * scale;
    factor.data[at] = value;
    variance += value * value;
  }
  return { count: rows.length, mean, variance, factor };
}

function chosen(set: Matrix, rows: Int32Array): Matrix {
  return selectRows<Float32Array | Float64Array>(set, Array.from(rows));
}

function meanOf({ data, columns }: Matrix, rows: Int32Array = allRows(data.length / columns)): Float64Array {
  const mean = new Float64Array(columns);
  for (const row of rows) {
    const at = row * columns;
    for (let k = 0; k < columns; k++) mean[k]! += data[at + k]!;
  }
  for (let k = 0; k < columns; k++) mean[k]! /= rows.length;
  return mean;
}

function centred({ data, rows, columns }: Matrix, mean: Float64Array): Matrix<Float64Array> {
  const out = matrix(new Float64Array(data.length), rows, columns);
  for (let at = 0; at < data.length; ) for (let k = 0; k < columns; k++, at++) out.data[at] = data[at]! - mean[k]!;
  return out;
}
