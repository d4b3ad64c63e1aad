import type { Matrix } from '../../matrix.ts';
import { classGaussians, type DiagonalGaussian, fewestForGbc, overlap } from '../gbc.ts';
import { allRows, classesOf, finiteFeatures } from '../labelled.ts';

/**
 * GBC with spherical covariances as google-research's `stable_transfer/gbc.py` computes it: one variance a class, the mean
 * over its features, in ½ log(σ²/σ_a σ_b) without the factor d that the determinant of a multiple of the identity has.
 * Classes that differ in spread alone then overlap as if there were one feature. For comparison with published numbers
 * only.
 * @throws as {@link import('../gbc.ts').gbc}
 */
export function googleSphericalGbc(
  features: Matrix,
  labels: ArrayLike<number>,
  options: { fewest?: number } = {},
): number {
  const classes = classesOf('GBC', features.rows, labels, options.fewest ?? fewestForGbc);
  return overlap(classGaussians(finiteFeatures('GBC', features, 'fixed'), classes, allRows(features.rows)), distance);
}

const varianceFloor = 1e-4;

function distance(a: DiagonalGaussian, b: DiagonalGaussian): number {
  const sphere = ({ variance }: DiagonalGaussian) =>
    variance.reduce((sum, value) => sum + Math.max(varianceFloor, value), 0) / variance.length;
  const [first, second] = [sphere(a), sphere(b)];
  const middle = (first + second) / 2;
  let between = 0;
  a.mean.forEach((value, k) => {
    between += (value - b.mean[k]!) ** 2;
  });
  return between / (8 * middle) + 0.5 * Math.log(middle / Math.sqrt(first) / Math.sqrt(second));
}
