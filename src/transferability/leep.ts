import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, selectRows } from '../matrix.ts';
import { type Classes, classesOf } from './labelled.ts';
import { labelsAt, type PreparedScore } from './score.ts';

/** Images of every class below which the table of source classes by target classes is too thin. */
export const fewestForLeep = 20;

/**
 * LEEP: the log-likelihood of the target's labels when each is predicted through the source's classes. Nguyen, Hassner,
 * Seeger & Archambeau 2020 (ICML), equation 2: mean over images of log Σ_z P(y | z) θ_z, with θ what the source's head
 * says of the image and P(y | z) its joint table with the labels, normalised. Nats an image, at most 0, higher is
 * better; at least −log C where the head says the same of every source class. Grows with the number of source classes,
 * so it compares heads of one size. Source classes to which no image gives any probability play no part (known code
 * divides 0 by 0 there).
 * @param probabilities n × Z, of the source head, each row from 0 with sum 1
 * @param labels class index of each image
 * @param options.fewest images that every class must have; default 20
 * @throws shape-mismatch; measure-refused as {@link classesOf}, and for rows that are no probabilities
 */
export function leep(probabilities: Matrix, labels: ArrayLike<number>, options: { fewest?: number } = {}): number {
  const classes = classesOf('LEEP', probabilities.rows, labels, options.fewest ?? fewestForLeep);
  refuseUnlessProbabilities('LEEP', probabilities);
  return meanOver(expectedLikelihoods(probabilities, classes), Math.log);
}

/** LEEP of any rows and labels of one matrix of probabilities. */
export function prepareLeep(probabilities: Matrix): PreparedScore {
  refuseUnlessProbabilities('LEEP', probabilities);
  return {
    values: async (labellings, rows) => {
      const kept = selectRows<Float32Array | Float64Array>(probabilities, [...rows]);
      return labellings.map((labels) =>
        meanOver(expectedLikelihoods(kept, classesOf('LEEP', rows.length, labelsAt(labels, rows), 1)), Math.log),
      );
    },
  };
}

/** Σ_z P(y | z) θ_z of every image. */
export function expectedLikelihoods({ data, columns }: Matrix, { classes, counts }: Classes): Float64Array {
  const joint = new Float64Array(counts.length * columns);
  const mass = new Float64Array(columns);
  classes.forEach((label, image) => {
    for (let z = 0; z < columns; z++) {
      const theta = data[image * columns + z]!;
      joint[label * columns + z]! += theta;
      mass[z]! += theta;
    }
  });
  for (let at = 0; at < joint.length; at++) {
    const whole = mass[at % columns]!;
    joint[at] = whole > 0 ? joint[at]! / whole : 0;
  }
  return Float64Array.from(classes, (label, image) => {
    let sum = 0;
    for (let z = 0; z < columns; z++) sum += joint[label * columns + z]! * data[image * columns + z]!;
    return sum;
  });
}

export function meanOver(values: Float64Array, of: (value: number) => number): number {
  return values.reduce((sum, value) => sum + of(value), 0) / values.length;
}

/** @throws measure-refused unless every row is of numbers from 0 whose sum is 1 to four digits */
export function refuseUnlessProbabilities(score: string, { data, rows, columns }: Matrix): void {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    let least = 0;
    for (let z = 0; z < columns; z++) {
      const theta = data[row * columns + z]!;
      sum += theta;
      least = Math.min(least, theta);
    }
    if (!(least >= 0 && Math.abs(sum - 1) <= 1e-4))
      throw new TransferEvidenceError(
        'measure-refused',
        `${score} needs probabilities of the source's classes, from 0 with sum 1 in every row; row ${row} has the sum ${sum} and the smallest entry ${least}. Apply softmax to logits.`,
      );
  }
}
