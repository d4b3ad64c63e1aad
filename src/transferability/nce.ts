import { TransferEvidenceError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { classesOf } from './labelled.ts';
import { fewestForLeep, refuseUnlessProbabilities } from './leep.ts';
import { labelsAt, type PreparedScore } from './score.ts';

/**
 * NCE: how much is left to say of the target's labels once the source's are known, −H(Y | Z) by counting. Tran, Nguyen
 * & Hassner 2019 (ICCV), equation 5. Nats an image, from −log C to 0, higher is better; 0 as well when every image
 * has a source label of its own, so many source labels on few images flatter it.
 * @param sourceLabels index of the most probable source class of each image
 * @param labels class index of each image
 * @param options.fewest images that every class must have; default 20
 * @throws shape-mismatch, measure-refused as {@link classesOf}, for the source labels too
 */
export function nce(
  sourceLabels: ArrayLike<number>,
  labels: ArrayLike<number>,
  options: { fewest?: number } = {},
): number {
  const { classes, counts } = classesOf('NCE', sourceLabels.length, labels, options.fewest ?? fewestForLeep);
  const tables = new Map<number, Int32Array>();
  classes.forEach((label, image) => {
    const source = sourceLabels[image]!;
    if (!(Number.isInteger(source) && source >= 0))
      throw new TransferEvidenceError(
        'measure-refused',
        `NCE needs source classes as whole numbers from 0; image ${image} has ${source}.`,
      );
    const table = tables.get(source) ?? new Int32Array(counts.length);
    table[label]!++;
    tables.set(source, table);
  });
  let sum = 0;
  for (const table of tables.values()) {
    const mass = table.reduce((total, count) => total + count, 0);
    for (const count of table) if (count > 0) sum += count * Math.log(count / mass);
  }
  return sum / classes.length;
}

/** NCE of any rows and labels, from the probabilities of the source classes: each image has the most probable one. */
export function prepareNce(probabilities: Matrix): PreparedScore {
  refuseUnlessProbabilities('NCE', probabilities);
  const sourceLabels = mostProbable(probabilities);
  return {
    values: async (labellings, rows) => {
      const own = labelsAt(sourceLabels, rows);
      return labellings.map((labels) => nce(own, labelsAt(labels, rows), { fewest: 1 }));
    },
  };
}

/** The column of the largest number of each row, the first of equals. */
function mostProbable({ data, rows, columns }: Matrix): Int32Array {
  const out = new Int32Array(rows);
  for (let row = 0; row < rows; row++)
    for (let z = 1; z < columns; z++) if (data[row * columns + z]! > data[row * columns + out[row]!]!) out[row] = z;
  return out;
}
