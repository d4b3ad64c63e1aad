import { TransferEvidenceError } from '../../errors.ts';
import { seededRandom } from '../../random.ts';

/** How training images are changed at random. A part that is off leaves the draws of the others as they are. */
export interface Augmentation {
  /** Mirror left and right, every second image on average. */
  flip: boolean;
  /** Largest shift as a fraction of the image's side, in [0, 1); 0 is off. */
  shift: number;
  /** Largest change of brightness, in [0, 1); 0 is off. */
  brightness: number;
}

/** The mild changes that are common to natural and medical images. */
export const defaultAugmentation: Augmentation = { flip: true, shift: 1 / 8, brightness: 0.2 };

/** What is done to one image in one batch. */
export interface ImageChange {
  flip: boolean;
  /** Fractions of the image's side, in [−shift, shift]; positive moves the picture down and to the right. */
  down: number;
  right: number;
  /** Factor on all pixel values, in [1 − brightness, 1 + brightness]. */
  brightness: number;
}

/** What one training step sees. */
export interface Batch {
  /** Image indices, taken from `train`. */
  images: number[];
  /** One an image of the batch. */
  changes: ImageChange[];
}

/**
 * The batches of one seed. They depend on nothing that a candidate brings, so that all candidates see the same images,
 * changed alike, in the same order. Each pass over the train images is shuffled anew, and a batch that a pass does not
 * fill goes on with the next, so that all batches are full; fewer steps are a prefix of more.
 * @param batch images a step
 * @throws measure-refused when there is nothing to train on, or a number is out of its range
 */
export function batchesOf({
  train,
  batch,
  steps,
  seed,
  seedIndex,
  augmentation = defaultAugmentation,
}: {
  train: readonly number[];
  batch: number;
  steps: number;
  seed: number;
  seedIndex: number;
  augmentation?: Augmentation;
}): Batch[] {
  check({ train, batch, steps, augmentation });
  const order = seededRandom(seed, 'fine-tune order', seedIndex);
  const change = changes(augmentation, seed, seedIndex);
  let pass: number[] = [];
  const next = () => {
    if (pass.length === 0) pass = order.shuffled(train);
    return pass.pop()!;
  };
  return Array.from({ length: steps }, () => ({
    images: Array.from({ length: batch }, next),
    changes: Array.from({ length: batch }, change),
  }));
}

function changes({ flip, shift, brightness }: Augmentation, seed: number, seedIndex: number): () => ImageChange {
  const random = seededRandom(seed, 'fine-tune augmentation', seedIndex);
  const within = (largest: number) => {
    const drawn = 2 * random.next() - 1;
    return largest === 0 ? 0 : largest * drawn;
  };
  return () => {
    const flipped = random.next() < 0.5;
    return { flip: flip && flipped, down: within(shift), right: within(shift), brightness: 1 + within(brightness) };
  };
}

function check({
  train,
  batch,
  steps,
  augmentation: { shift, brightness },
}: {
  train: readonly number[];
  batch: number;
  steps: number;
  augmentation: Augmentation;
}): void {
  const refuse = (expected: string) => {
    throw new TransferEvidenceError('measure-refused', `Fine-tuning needs ${expected}.`);
  };
  if (train.length === 0) refuse('train images; none were given');
  if (!(Number.isInteger(batch) && batch >= 1)) refuse(`a whole number of images a step; ${batch} was given`);
  if (!(Number.isInteger(steps) && steps >= 0)) refuse(`a whole number of steps; ${steps} was given`);
  if (!(shift >= 0 && shift < 1)) refuse(`a largest shift in [0, 1) of the side; ${shift} was given`);
  if (!(brightness >= 0 && brightness < 1)) refuse(`a change of brightness in [0, 1); ${brightness} was given`);
}
