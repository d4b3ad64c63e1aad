import type { Matrix } from '../matrix.ts';
import { allRows, type Classes, classesOf, finiteFeatures } from './labelled.ts';
import { labelsAt, type PreparedScore } from './score.ts';

export const fewestForGbc = 25;

/** Variances are held at this at least, as in the paper's code; features much smaller than 1 lie below it. */
const varianceFloor = 1e-4;

/** A Gaussian with independent dimensions. */
export interface DiagonalGaussian {
  mean: Float64Array;
  variance: Float64Array;
}

/**
 * GBC, the Gaussian Bhattacharyya coefficient with diagonal covariances: how little the classes overlap. Pándy, Agostinelli,
 * Uijlings, Ferrari & Mensink 2022 (CVPR), equations 4 to 6: −Σ over ordered pairs of classes of exp(−D_B), with
 * D_B = ⅛ Σ (μ_a − μ_b)²/σ² + ½ Σ log(σ²/σ_a σ_b), σ² = (σ_a² + σ_b²)/2, variances divided by n. From −C(C − 1) to 0,
 * higher is better. D_B grows with the number of features: only candidates of equal d can be compared, see
 * {@link import('./regularised-h-score.ts').refuseUnequalDimensions}. At a thousand features it is all but 0 for
 * any network. Variances below 10⁻⁴ count as that, so the scale of the features matters.
 * @param features n × d
 * @param labels class index of each image
 * @param options.fewest images that every class must have; default 25
 * @throws shape-mismatch, measure-refused as {@link classesOf} and {@link finiteFeatures}
 */
export function gbc(features: Matrix, labels: ArrayLike<number>, options: { fewest?: number } = {}): number {
  const classes = classesOf('GBC', features.rows, labels, options.fewest ?? fewestForGbc);
  const known = finiteFeatures('GBC', features, 'fixed');
  return overlap(classGaussians(known, classes, allRows(features.rows)), diagonalDistance);
}

/** GBC of any rows and labels of one matrix. */
export function prepareGbc(features: Matrix): PreparedScore {
  const known = finiteFeatures('GBC', features, 'fixed');
  return {
    values: async (labellings, rows) =>
      labellings.map((labels) =>
        overlap(
          classGaussians(known, classesOf('GBC', rows.length, labelsAt(labels, rows), 1), rows),
          diagonalDistance,
        ),
      ),
  };
}

/** Mean and variance (of the population) of each class in each feature. */
export function classGaussians(
  { data, columns }: Matrix,
  { classes, counts }: Classes,
  rows: Int32Array,
): DiagonalGaussian[] {
  const found = Array.from(counts, () => ({ mean: new Float64Array(columns), variance: new Float64Array(columns) }));
  rows.forEach((row, i) => {
    const { mean } = found[classes[i]!]!;
    const count = counts[classes[i]!]!;
    for (let k = 0; k < columns; k++) mean[k]! += data[row * columns + k]! / count;
  });
  rows.forEach((row, i) => {
    const { mean, variance } = found[classes[i]!]!;
    const count = counts[classes[i]!]!;
    for (let k = 0; k < columns; k++) variance[k]! += (data[row * columns + k]! - mean[k]!) ** 2 / count;
  });
  return found;
}

/** −Σ exp(−D) over ordered pairs. */
export function overlap(
  classes: readonly DiagonalGaussian[],
  distance: (a: DiagonalGaussian, b: DiagonalGaussian) => number,
): number {
  let sum = 0;
  classes.forEach((a, i) => {
    for (const b of classes.slice(0, i)) sum += 2 * Math.exp(-distance(a, b));
  });
  return sum === 0 ? 0 : -sum;
}

function diagonalDistance(a: DiagonalGaussian, b: DiagonalGaussian): number {
  let distance = 0;
  for (let k = 0; k < a.mean.length; k++) {
    const first = Math.max(varianceFloor, a.variance[k]!);
    const second = Math.max(varianceFloor, b.variance[k]!);
    const middle = (first + second) / 2;
    distance +=
      (a.mean[k]! - b.mean[k]!) ** 2 / (8 * middle) + 0.5 * Math.log(middle / Math.sqrt(first) / Math.sqrt(second));
  }
  return distance;
}
