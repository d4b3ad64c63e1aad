import { type Matrix, matrix } from '../matrix.ts';
import type { Random } from '../random.ts';

export interface GaussianMixture {
  /** Of each component given each row: n × K. */
  posteriors: Matrix<Float64Array>;
  /** Mean log-likelihood of a row, nats. */
  logLikelihood: number;
  iterations: number;
}

/** Share of the mean variance that is added to every variance, so that covariances of few rows can be inverted. */
const ridgeShare = 1e-3;

/** A gain in mean log-likelihood below this ends the fit, as in scikit-learn. */
const enough = 1e-3;

const mostIterations = 100;
const clusteringPasses = 20;

/** A posterior below this adds nothing to a component's mean and covariance. */
const negligible = 1e-12;

/**
 * A mixture of Gaussians with full covariances by expectation and maximisation (Dempster, Laird & Rubin 1977), begun from
 * clusters (k-means++, Arthur & Vassilvitskii 2007, then Lloyd's passes). To every variance 10⁻³ of the mean variance is
 * added. Where a component has fewer rows than dimensions its covariance is flat but for that, and its rows' posteriors
 * are all but 0 and 1.
 * @param x n × p, at least as many rows as components
 */
export function gaussianMixture(x: Matrix<Float64Array>, components: number, random: Random): GaussianMixture {
  const { rows: n } = x;
  const ridge = Math.max(ridgeShare * meanVariance(x), Number.MIN_VALUE * 2 ** 52);
  const posteriors = clusters(x, components, random);
  let logLikelihood = -Infinity;
  for (let iteration = 1; ; iteration++) {
    const gaussians = Array.from({ length: components }, (_, c) => gaussianOf(x, posteriors, c, ridge));
    let sum = 0;
    const densities = gaussians.map((gaussian) => logDensities(x, gaussian));
    for (let i = 0; i < n; i++) {
      let most = -Infinity;
      for (const density of densities) most = Math.max(most, density[i]!);
      let mass = 0;
      for (const density of densities) mass += Math.exp(density[i]! - most);
      sum += most + Math.log(mass);
      for (let c = 0; c < components; c++)
        posteriors.data[i * components + c] = Math.exp(densities[c]![i]! - most) / mass;
    }
    const gained = sum / n - logLikelihood;
    logLikelihood = sum / n;
    if (Math.abs(gained) < enough || iteration === mostIterations)
      return { posteriors, logLikelihood, iterations: iteration };
  }
}

interface Gaussian {
  logWeight: number;
  mean: Float64Array;
  /** Cholesky factor of the covariance, lower triangle, p × p. */
  lower: Float64Array;
}

function gaussianOf(
  { data, rows: n, columns: p }: Matrix<Float64Array>,
  posteriors: Matrix<Float64Array>,
  c: number,
  ridge: number,
): Gaussian {
  const share = (i: number) => posteriors.data[i * posteriors.columns + c]!;
  const mean = new Float64Array(p);
  let mass = 10 * Number.EPSILON;
  for (let i = 0; i < n; i++) {
    if (share(i) < negligible) continue;
    mass += share(i);
    for (let k = 0; k < p; k++) mean[k]! += share(i) * data[i * p + k]!;
  }
  for (let k = 0; k < p; k++) mean[k]! /= mass;
  const lower = new Float64Array(p * p);
  const centred = new Float64Array(p);
  for (let i = 0; i < n; i++) {
    const weight = share(i) / mass;
    if (share(i) < negligible) continue;
    for (let k = 0; k < p; k++) centred[k] = data[i * p + k]! - mean[k]!;
    for (let k = 0; k < p; k++) {
      const scaled = weight * centred[k]!;
      for (let l = 0, at = k * p; l <= k; l++, at++) lower[at]! += scaled * centred[l]!;
    }
  }
  for (let k = 0; k < p; k++) lower[k * p + k]! += ridge;
  factor(lower, p, ridge);
  return { logWeight: Math.log(mass / n), mean, lower };
}

/** A = L Lᵀ in place of the lower triangle. Pivots lie at the ridge or above but for rounding. */
function factor(a: Float64Array, p: number, ridge: number): void {
  for (let i = 0; i < p; i++)
    for (let j = 0; j <= i; j++) {
      let rest = a[i * p + j]!;
      for (let k = 0; k < j; k++) rest -= a[i * p + k]! * a[j * p + k]!;
      a[i * p + j] = i === j ? Math.sqrt(Math.max(rest, ridge / 2)) : rest / a[j * p + j]!;
    }
}

/** log(weight · density) of every row. */
function logDensities(
  { data, rows: n, columns: p }: Matrix<Float64Array>,
  { logWeight, mean, lower }: Gaussian,
): Float64Array {
  let determinant = 0;
  for (let k = 0; k < p; k++) determinant += 2 * Math.log(lower[k * p + k]!);
  const solved = new Float64Array(p);
  return Float64Array.from({ length: n }, (_, i) => {
    let square = 0;
    for (let k = 0; k < p; k++) {
      let rest = data[i * p + k]! - mean[k]!;
      for (let l = 0, at = k * p; l < k; l++, at++) rest -= lower[at]! * solved[l]!;
      solved[k] = rest / lower[k * p + k]!;
      square += solved[k]! ** 2;
    }
    return logWeight - 0.5 * (square + determinant + p * Math.log(2 * Math.PI));
  });
}

/** Each row's cluster as a posterior of 1. */
function clusters(x: Matrix<Float64Array>, count: number, random: Random): Matrix<Float64Array> {
  const { data, rows: n, columns: p } = x;
  const centres = matrix(new Float64Array(count * p), count, p);
  const distance = (row: number, centre: number) => {
    let sum = 0;
    for (let k = 0; k < p; k++) sum += (data[row * p + k]! - centres.data[centre * p + k]!) ** 2;
    return sum;
  };
  const nearest = new Float64Array(n).fill(Infinity);
  let chosen = random.integer(n);
  for (let c = 0; c < count; c++) {
    centres.data.set(data.subarray(chosen * p, (chosen + 1) * p), c * p);
    let total = 0;
    for (let i = 0; i < n; i++) {
      nearest[i] = Math.min(nearest[i]!, distance(i, c));
      total += nearest[i]!;
    }
    // Rows are drawn by their squared distance to the centres so far; where all lie on one, by chance.
    let left = random.next() * total;
    chosen = random.integer(n);
    for (let i = 0; i < n && total > 0; i++) {
      left -= nearest[i]!;
      if (left < 0) {
        chosen = i;
        break;
      }
    }
  }
  const cluster = new Int32Array(n).fill(-1);
  for (let pass = 0; pass < clusteringPasses; pass++) {
    let moved = false;
    for (let i = 0; i < n; i++) {
      let [best, least] = [0, Infinity];
      for (let c = 0; c < count; c++) {
        const apart = distance(i, c);
        if (apart < least) [best, least] = [c, apart];
      }
      if (cluster[i] !== best) moved = true;
      cluster[i] = best;
    }
    if (!moved) break;
    const sizes = new Int32Array(count);
    for (const c of cluster) sizes[c]!++;
    // An empty cluster keeps its centre.
    for (let c = 0; c < count; c++) if (sizes[c]! > 0) centres.data.fill(0, c * p, (c + 1) * p);
    for (let i = 0; i < n; i++)
      for (let k = 0, c = cluster[i]!; k < p; k++) centres.data[c * p + k]! += data[i * p + k]! / sizes[c]!;
  }
  const posteriors = matrix(new Float64Array(n * count), n, count);
  cluster.forEach((c, i) => {
    posteriors.data[i * count + c] = 1;
  });
  return posteriors;
}

function meanVariance({ data, rows: n, columns: p }: Matrix<Float64Array>): number {
  let sum = 0;
  for (let k = 0; k < p; k++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += data[i * p + k]! / n;
    for (let i = 0; i < n; i++) sum += (data[i * p + k]! - mean) ** 2 / n;
  }
  return sum / p;
}
