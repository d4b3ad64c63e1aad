import type { Matrix } from '../../matrix.ts';
import { comparable, refuse } from './pair.ts';

/**
 * The cosine of the angle between the mean rows of two sets, −1 … 1. Descriptive only: features that are never negative
 * give high values for any two sets, and two samples of one distribution come nearer to 1 the larger they are (0.931 at
 * 25 images a side, 0.999 at 2,000, in 512 dimensions), so it has no null and no interval.
 * @param source n × d features, n ≥ 1
 * @param target m × d features, m ≥ 1
 * @throws shape-mismatch when the sets differ in columns; measure-refused for an empty set, a feature that is not finite,
 *   or a set whose mean is 0 and has no direction
 */
export function centroidCosine(source: Matrix, target: Matrix): number {
  const pair = comparable({ measure: 'The cosine of centroids', fewest: 1 }, source, target);
  const [a, b] = [unitMean('source', pair.source), unitMean('target', pair.target)];
  const cosine = a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  return Math.max(-1, Math.min(1, cosine));
}

function unitMean(name: string, { data, rows, columns }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) for (let k = 0; k < columns; k++) mean[k]! += data[row * columns + k]! / rows;
  const largest = mean.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(largest > 0))
    refuse(`The cosine of centroids needs means that have a direction; that of the ${name} is 0 in every feature.`);
  const scaled = mean.map((value) => value / largest);
  const length = Math.sqrt(scaled.reduce((sum, value) => sum + value * value, 0));
  return scaled.map((value) => value / length);
}
