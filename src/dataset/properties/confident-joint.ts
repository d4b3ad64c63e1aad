import { TransferEvidenceError } from '../../errors.ts';

/** Rounding can put the mean of equal probabilities above them; the probe's are kept to five decimals. */
const rounding = 1e-6;

/** Images counted by the label that they carry and the class that the model holds for certain. */
export interface ConfidentJoint {
  /** K × K, row-major: label i, confident class j. Off the diagonal stand suspected errors. */
  counts: Float64Array;
  /** Of each class: the mean probability that its own images get for it. */
  thresholds: Float64Array;
  /** Images that count off the diagonal, by index. */
  flagged: number[];
}

/**
 * The confident joint of labels and out-of-sample probabilities. An image with label i counts towards class j when j is the
 * most probable of the classes whose threshold it reaches, t_j = mean of p_j over the images labelled j; images that reach
 * none are not counted. Northcutt, Jiang & Chuang 2021, “Confident Learning”, JAIR 70:1373 (arXiv 1911.00068), equations 1
 * and 2, with the collision rule of section 3.1. Not calibrated to the label counts: `flagged` are the images off the
 * diagonal themselves (their CL method 2; in cleanlab `filter_by='confident_learning'`), and not all that the most probable
 * class puts elsewhere (their baseline C_confusion).
 * @param labels class index of each image
 * @param probabilities images × classes, row-major, from models that did not see the image
 * @throws measure-refused when a class has no image: it has no threshold
 */
export function confidentJoint(
  labels: readonly number[],
  probabilities: ArrayLike<number>,
  classes: number,
): ConfidentJoint {
  const thresholds = new Float64Array(classes);
  const sizes = new Float64Array(classes);
  labels.forEach((label, image) => {
    thresholds[label] = thresholds[label]! + probabilities[image * classes + label]!;
    sizes[label] = sizes[label]! + 1;
  });
  for (let label = 0; label < classes; label++) {
    if (sizes[label] === 0)
      throw new TransferEvidenceError(
        'measure-refused',
        `Confident learning needs an image of every class; class ${label} of ${classes} has none.`,
      );
    thresholds[label] = thresholds[label]! / sizes[label]!;
  }
  const counts = new Float64Array(classes * classes);
  const flagged: number[] = [];
  labels.forEach((label, image) => {
    let confident = -1;
    for (let k = 0; k < classes; k++) {
      const p = probabilities[image * classes + k]!;
      if (p >= thresholds[k]! - rounding && (confident < 0 || p > probabilities[image * classes + confident]!))
        confident = k;
    }
    if (confident < 0) return;
    const at = label * classes + confident;
    counts[at] = counts[at]! + 1;
    if (confident !== label) flagged.push(image);
  });
  return { counts, thresholds, flagged };
}
