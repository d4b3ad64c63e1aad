import { TransferEvidenceError } from '../errors.ts';
import { classesOf } from './labelled.ts';
import { fewestForLeep } from './leep.ts';

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
