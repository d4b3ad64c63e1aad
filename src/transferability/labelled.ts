import { TransferEvidenceError } from '../errors.ts';
import { nearOne } from '../linear-algebra/near-one.ts';
import type { Matrix } from '../matrix.ts';

/** Images by their features, each of one class. */
export interface Labelled {
  /** n × d. By a power of two brought to where squares neither overflow nor vanish, where `rescale` was asked for. */
  features: Matrix<Float64Array>;
  /** The class of each image, counted from 0 among those that occur, in the order of the labels given. */
  classes: Int32Array;
  /** Images of each class, none of them 0. */
  counts: Int32Array;
  /** The label that each class had. */
  labels: number[];
}

/** Classes alone, without features. */
export type Classes = Omit<Labelled, 'features'>;

/**
 * Labels at the door: one class index from 0 an image. Classes without an image play no part.
 * @param score the measure's name, for messages
 * @param fewest images that every class must have
 * @throws shape-mismatch when there are more or fewer labels than images; measure-refused for a label that is no class
 *   index, fewer than two classes, or a class with fewer than `fewest` images
 */
export function classesOf(score: string, images: number, labels: ArrayLike<number>, fewest: number): Classes {
  if (labels.length !== images)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `${score} needs a class for every image; ${images} images and ${labels.length} labels were given.`,
    );
  const counted = new Map<number, number>();
  for (let i = 0; i < images; i++) {
    const label = labels[i]!;
    if (!(Number.isInteger(label) && label >= 0))
      throw new TransferEvidenceError(
        'measure-refused',
        `${score} needs class indices, whole numbers from 0; label ${i} is ${label}.`,
      );
    counted.set(label, (counted.get(label) ?? 0) + 1);
  }
  const found = [...counted.keys()].sort((a, b) => a - b);
  if (found.length < 2)
    throw new TransferEvidenceError(
      'measure-refused',
      `${score} needs images of at least 2 classes; ${found.length} found. Labelled images of another class would do.`,
    );
  const rarest = found.reduce((least, label) => (counted.get(label)! < counted.get(least)! ? label : least));
  if (counted.get(rarest)! < fewest)
    throw new TransferEvidenceError(
      'measure-refused',
      `${score} needs at least ${fewest} images of every class; the rarest has ${counted.get(rarest)}. ${fewest - counted.get(rarest)!} more of it would do.`,
    );
  const index = new Map(found.map((label, i) => [label, i]));
  return {
    classes: Int32Array.from({ length: images }, (_, i) => index.get(labels[i]!)!),
    counts: Int32Array.from(found, (label) => counted.get(label)!),
    labels: found,
  };
}

/** Beyond these magnitudes squares of features, and their products, leave the range of numbers. */
const [least, greatest] = [1e-60, 1e60];

/**
 * Features at the door, as they are given where nothing is to be done to them; not to be written to.
 * @param scaling whether the measure does not mind a common factor: features far from 1 are then brought near it, by a
 *   power of two, so exactly; otherwise those beyond ±1e60 are refused
 * @throws measure-refused when there is no feature, or one that is not a finite number
 */
export function finiteFeatures(score: string, features: Matrix, scaling: 'free' | 'fixed'): Matrix {
  const { rows, columns, data } = features;
  if (columns === 0)
    throw new TransferEvidenceError('measure-refused', `${score} needs at least 1 feature an image; there is none.`);
  let largest = 0;
  for (let at = 0; at < data.length; at++) {
    const size = Math.abs(data[at]!);
    if (!(size < Infinity))
      throw new TransferEvidenceError(
        'measure-refused',
        `${score} needs finite features; row ${Math.floor(at / columns)}, column ${at % columns} is ${data[at]}. Check the network and its preprocessing.`,
      );
    if (size > largest) largest = size;
  }
  if (largest === 0 || (largest >= least && largest <= greatest) || (scaling === 'fixed' && largest < least))
    return features;
  if (scaling === 'fixed')
    throw new TransferEvidenceError(
      'measure-refused',
      `${score} needs features within ±${greatest}; the largest is ${largest}. Check the network and its preprocessing.`,
    );
  return nearOne({ data, rows, columns }, largest);
}

/** The rows from 0 to `count`. */
export function allRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}
