import { TransferEvidenceError } from '../errors.ts';
import { type Products, plainProducts } from '../linear-algebra/products.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { cholesky } from '../probe/linear/cholesky.ts';
import { allRows, classesOf, finiteFeatures } from './labelled.ts';
import { principalSubmatrix } from './products.ts';
import { labelsAt, type PreparedScore } from './score.ts';

export interface RegularisedHScore {
  /** 0 … about C − 1, higher is better. */
  score: number;
  /** How far the covariance was drawn to a multiple of the identity: 0 … 1. */
  shrinkage: number;
}

export const fewestForHScore = 25;

/**
 * The regularised H-score: how much of the features' variance lies between the classes, tr(Σ_a⁻¹ (1 − a) cov E[f | y]),
 * with the covariance Σ_a shrunk to a multiple of the identity by Ledoit & Wolf 2004. Ibrahim, Ponomareva & Mazumder 2021
 * (ECML), equation 3, after Bao et al. 2019. Unitless, from 0 to about C − 1, higher is better. Grows with the number
 * of features: only candidates of equal d can be compared, see {@link refuseUnequalDimensions}. Σ is divided by n and
 * the covariance of class means by n − 1, as in TLlib, whose numbers these are.
 * @param features n × d
 * @param labels class index of each image
 * @param options.fewest images that every class must have; default 25
 * @param options.products what multiplies matrices; loops where none is given
 * @throws shape-mismatch, measure-refused as {@link classesOf} and {@link finiteFeatures}, and where no feature varies
 */
export async function regularisedHScore(
  features: Matrix,
  labels: ArrayLike<number>,
  options: { fewest?: number; products?: Products } = {},
): Promise<RegularisedHScore> {
  classesOf('The H-score', features.rows, labels, options.fewest ?? fewestForHScore);
  const scores = await hScores(features, options.products ?? plainProducts);
  return scores([labels], allRows(features.rows))[0]!;
}

/** The regularised H-score of any rows and labels of one matrix. */
export async function prepareHScore(features: Matrix, products: Products): Promise<PreparedScore> {
  const scores = await hScores(features, products);
  return { values: async (labellings, rows) => scores(labellings, rows).map(({ score }) => score) };
}

/**
 * Scores that grow with the number of features say nothing of two candidates with different ones.
 * @throws measure-refused when the two have different numbers of features
 */
export function refuseUnequalDimensions(
  score: string,
  [subject, first]: readonly [id: string, dimension: number],
  [object, second]: readonly [id: string, dimension: number],
): void {
  if (first !== second)
    throw new TransferEvidenceError(
      'measure-refused',
      `${score} grows with the number of features, so it compares candidates with equally many only; ${subject} has ${first} and ${object} ${second}. Networks of one architecture would do.`,
    );
}

/** Everything follows from the products of centred rows: no d × d matrix is made. */
async function hScores(
  given: Matrix,
  products: Products,
): Promise<(labellings: readonly ArrayLike<number>[], rows: Int32Array) => RegularisedHScore[]> {
  const { data, rows: n, columns: d } = finiteFeatures('The H-score', given, 'free');
  const centred = matrix(new Float64Array(data.length), n, d);
  for (let k = 0; k < d; k++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += data[i * d + k]! / n;
    for (let i = 0; i < n; i++) centred.data[i * d + k] = data[i * d + k]! - mean;
  }
  const whole = await products.rows(centred, centred);
  return (labellings, rows) => {
    const kernel = centredKernel(rows.length === n ? whole : principalSubmatrix(whole, rows));
    const { shrinkage, scale } = ledoitWolf(kernel, d);
    const m = rows.length;
    const found = labellings.map((labels) => classesOf('The H-score', m, labelsAt(labels, rows), 1));
    if (shrinkage === 1) return found.map(() => ({ score: 0, shrinkage }));
    // Σ_a = (1 − a) XᵀX/n + a μ I. With ridge = n a μ/(1 − a): tr = n/(n − 1) Σ_c n_c (m_cᵀ (XᵀX + ridge)⁻¹ m_c) · n, and
    // X (XᵀX + ridge)⁻¹ Xᵀ = K (K + ridge)⁻¹ = I − ridge (K + ridge)⁻¹.
    const ridge = (m * shrinkage * scale) / (1 - shrinkage);
    const ridged = Float64Array.from(kernel.data);
    const slack = ridge > 0 ? ridge : 1e-12 * m * scale;
    for (let i = 0; i < m; i++) ridged[i * m + i]! += slack;
    const solver = cholesky(ridged, m);
    return found.map(({ classes, counts }) => {
      const indicators = new Float64Array(counts.length * m);
      classes.forEach((c, i) => {
        indicators[c * m + i] = 1;
      });
      // The means of centred classes: an indicator less its share everywhere.
      counts.forEach((count, c) => {
        for (let i = 0; i < m; i++) indicators[c * m + i]! -= count / m;
      });
      const solved = new Float64Array(indicators.length);
      solver.solve(indicators, counts.length, solved);
      let score = 0;
      counts.forEach((count, c) => {
        let explained = 0;
        for (let i = 0; i < m; i++) {
          const indicator = indicators[c * m + i]!;
          explained += indicator * (indicator - slack * solved[c * m + i]!);
        }
        score += explained / count;
      });
      return { score: Math.max(0, (score * m) / (m - 1)), shrinkage };
    });
  };
}

/** Products of rows, made those of rows less their mean. */
function centredKernel({ data, rows: m }: Matrix<Float64Array>): Matrix<Float64Array> {
  const means = Float64Array.from({ length: m }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < m; j++) sum += data[i * m + j]!;
    return sum / m;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / m;
  const out = matrix(new Float64Array(m * m), m, m);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) out.data[i * m + j] = data[i * m + j]! - means[i]! - means[j]! + mean;
  return out;
}

/**
 * How far to shrink a covariance (divided by n) and what to: `scale` times the identity. Ledoit & Wolf 2004, J.
 * Multivariate Anal. 88:365, lemmas 3.2 to 3.5; from the products of centred rows.
 * @throws measure-refused where nothing varies
 */
function ledoitWolf({ data, rows: m }: Matrix<Float64Array>, d: number): { shrinkage: number; scale: number } {
  let [trace, fourth, square] = [0, 0, 0];
  for (let i = 0; i < m; i++) {
    const own = data[i * m + i]!;
    trace += own / m;
    fourth += own * own;
  }
  for (const product of data) square += product * product;
  square /= m * m;
  const scale = trace / d;
  if (!(square > 0 && scale > 0))
    throw new TransferEvidenceError(
      'measure-refused',
      'The H-score needs features that vary over the images; none does. Check the network and its preprocessing.',
    );
  const spread = (square - d * scale * scale) / d;
  const noise = Math.min((fourth / m - square) / (d * m), spread);
  return { shrinkage: noise > 0 ? Math.min(1, noise / spread) : 0, scale };
}
