import { Matrix as Dense, EigenvalueDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { type Matrix, matrix } from '../../matrix.ts';
import { gram } from './gram.ts';

/** A Gaussian by its sample mean and its centred rows; the covariance is divided by n − 1. */
export interface Moments {
  mean: Float64Array;
  centred: Matrix<Float64Array>;
  /** d × d; made when first asked for. */
  covariance(): Matrix<Float64Array>;
  /** The symmetric square root of the covariance, d × d; made when first asked for. */
  root(): Matrix<Float64Array>;
}

/** Moments of the given rows, at least 2. */
export function momentsOf(set: Matrix, rows: Int32Array): Moments {
  const d = set.columns;
  const mean = new Float64Array(d);
  for (const row of rows) for (let k = 0; k < d; k++) mean[k]! += set.data[row * d + k]!;
  for (let k = 0; k < d; k++) mean[k]! /= rows.length;
  const centred = matrix(new Float64Array(rows.length * d), rows.length, d);
  rows.forEach((row, i) => {
    for (let k = 0; k < d; k++) centred.data[i * d + k] = set.data[row * d + k]! - mean[k]!;
  });
  let covariance: Matrix<Float64Array> | undefined;
  let root: Matrix<Float64Array> | undefined;
  const moments: Moments = {
    mean,
    centred,
    covariance: () => {
      covariance ??= covarianceOf(centred);
      return covariance;
    },
    root: () => {
      root ??= squareRoot(moments.covariance());
      return root;
    },
  };
  return moments;
}

/** The two terms of the Fréchet distance between Gaussians; their sum is the distance. */
export interface FrechetTerms {
  /** |μ1 − μ2|². */
  mean: number;
  /** tr Σ1 + tr Σ2 − 2 tr (Σ1 Σ2)^½. */
  trace: number;
}

/**
 * The squared Fréchet (Wasserstein-2) distance of two Gaussians, |μ1 − μ2|² + tr(Σ1 + Σ2 − 2(Σ1 Σ2)^½), in feature².
 * Dowson & Landau 1982, equation 4. The last trace is the sum of the roots of the eigenvalues of Σ1^½ Σ2 Σ1^½, or, when
 * both samples have at most d rows, the nuclear norm of X Yᵀ / √((n − 1)(m − 1)) of the centred rows, which needs no
 * d × d matrix.
 */
export function frechetTerms(a: Moments, b: Moments): FrechetTerms {
  let mean = 0;
  a.mean.forEach((value, k) => {
    mean += (value - b.mean[k]!) ** 2;
  });
  const d = a.mean.length;
  const overlap = Math.max(a.centred.rows, b.centred.rows) <= d ? nuclearOverlap(a, b) : spectralOverlap(a, b);
  return { mean, trace: variance(a) + variance(b) - 2 * overlap };
}

/** tr (Σ1 Σ2)^½ by the eigenvalues of the symmetric product. */
function spectralOverlap(a: Moments, b: Moments): number {
  const root = a.root();
  // gram multiplies rows with rows, which for symmetric matrices is the matrix product.
  const left = matrix(gram(root, b.covariance()), root.rows, root.rows);
  const { values } = symmetricEigen(gram(left, root), root.rows);
  const floor = roundingFloor(values);
  return values.reduce((sum, value) => (value > floor ? sum + Math.sqrt(value) : sum), 0);
}

/** tr (Σ1 Σ2)^½ by the singular values of the products of all pairs of rows. */
function nuclearOverlap(a: Moments, b: Moments): number {
  const x = a.centred;
  const y = b.centred;
  const { scale, scaled } = scaledDense(gram(x, y), x.rows, y.rows);
  const decomposition = new SingularValueDecomposition(scaled, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  const sum = decomposition.diagonal.reduce((total, value) => total + value, 0);
  return (scale * sum) / Math.sqrt((x.rows - 1) * (y.rows - 1));
}

function covarianceOf(centred: Matrix<Float64Array>): Matrix<Float64Array> {
  const { rows, columns, data } = centred;
  const transposed = matrix(new Float64Array(data.length), columns, rows);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < columns; k++) transposed.data[k * rows + i] = data[i * columns + k]!;
  return matrix(
    gram(transposed, transposed).map((product) => product / (rows - 1)),
    columns,
    columns,
  );
}

/** V Λ^½ Vᵀ, with eigenvalues that are rounding taken as 0. */
function squareRoot(symmetric: Matrix<Float64Array>): Matrix<Float64Array> {
  const d = symmetric.rows;
  const { values, vectors } = symmetricEigen(symmetric.data, d);
  const floor = roundingFloor(values);
  const weighted = matrix(new Float64Array(d * d), d, d);
  for (let k = 0; k < d; k++) {
    const value = values[k]!;
    const weight = value > floor ? value ** 0.25 : 0;
    for (let i = 0; i < d; i++) weighted.data[i * d + k] = weight * vectors.get(i, k);
  }
  return matrix(gram(weighted, weighted), d, d);
}

/** Below this an eigenvalue is rounding of 0; its root would not be small. */
function roundingFloor(eigenvalues: readonly number[]): number {
  return Math.max(0, ...eigenvalues) * eigenvalues.length * Number.EPSILON;
}

function symmetricEigen(data: Float64Array, d: number): { values: number[]; vectors: Dense } {
  const { scale, scaled } = scaledDense(data, d, d);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(scaled, { assumeSymmetric: true });
  return { values: realEigenvalues.map((value) => value * scale), vectors: eigenvectorMatrix };
}

/**
 * The matrix with its largest entry made 1 and what is far below that entry's rounding made 0: the decompositions
 * divide by small entries and do not end well where that overflows.
 */
function scaledDense(data: Float64Array, rows: number, columns: number): { scale: number; scaled: Dense } {
  let scale = 0;
  for (const value of data) scale = Math.max(scale, Math.abs(value));
  const entry = (value: number) => (Math.abs(value) > scale * 1e-40 ? value / scale : 0);
  const scaled = Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns).map(entry));
  return { scale, scaled: new Dense(scaled) };
}

function variance({ centred }: Moments): number {
  return centred.data.reduce((sum, value) => sum + value * value, 0) / (centred.rows - 1);
}
