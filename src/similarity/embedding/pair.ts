import { TransferEvidenceError } from '../../errors.ts';
import { nearOne } from '../../linear-algebra/near-one.ts';
import { type Matrix, matrix } from '../../matrix.ts';

/** Beyond these magnitudes squares of features, and sums of them, leave the range of numbers. */
const [tiny, huge] = [1e-60, 1e60];

/** What a measure asks of two sets. */
export interface Demands {
  /** The measure's name, for messages. */
  measure: string;
  /** Images that either set must have. */
  fewest: number;
  /**
   * Features beyond ± this are refused, because the measure would leave the range of numbers. Without it the measure does
   * not mind a factor common to both sets, and features far from 1 are brought near it by a power of two, so exactly.
   */
  greatest?: number;
}

/**
 * Two sets at the door, in float64.
 * @throws shape-mismatch when they differ in columns; measure-refused when there is no column, a feature is not a finite
 *   number, a set has too few images, or features are too large for a measure with a unit
 */
export function comparable(
  demands: Demands,
  source: Matrix,
  target: Matrix,
): { source: Matrix<Float64Array>; target: Matrix<Float64Array> } {
  const { measure, fewest, greatest = Infinity } = demands;
  if (source.columns !== target.columns)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Two sets in one embedding need equal columns; ${source.columns} and ${target.columns} were given.`,
    );
  if (source.columns === 0) refuse(`${measure} needs at least 1 feature an image; there is none.`);
  if (Math.min(source.rows, target.rows) < fewest)
    refuse(
      `${measure} needs at least ${fewest} images a side; ${source.rows} of the source and ${target.rows} of the target were given. ${fewest} of each would do.`,
    );
  const largest = Math.max(largestOf(measure, 'source', source), largestOf(measure, 'target', target));
  if (largest > greatest)
    refuse(
      `${measure} needs features within ±${greatest}; the largest is ${largest}. Check the network and its preprocessing.`,
    );
  const scaled = (set: Matrix) => rescaled(set, greatest === Infinity ? largest : 1);
  const first = scaled(source);
  return { source: first, target: source === target ? first : scaled(target) };
}

/** The largest magnitude in a set. */
export function largestOf(measure: string, name: string, { data, columns }: Matrix): number {
  let largest = 0;
  for (let at = 0; at < data.length; at++) {
    const size = Math.abs(data[at]!);
    if (!(size < Infinity))
      refuse(
        `${measure} needs finite features; row ${Math.floor(at / columns)}, column ${at % columns} of the ${name} is ${data[at]}. Check the network and its preprocessing.`,
      );
    if (size > largest) largest = size;
  }
  return largest;
}

/** The set in float64, times the power of two that brings `largest` near 1 where its square would leave the range. */
export function rescaled(set: Matrix, largest: number): Matrix<Float64Array> {
  if (largest !== 0 && (largest < tiny || largest > huge)) return nearOne(set, largest);
  return matrix(Float64Array.from(set.data), set.rows, set.columns);
}

/** @throws measure-refused */
export function refuse(message: string): never {
  throw new TransferEvidenceError('measure-refused', message);
}
