import { TransferEvidenceError } from '../errors.ts';
import type { Model } from '../onnx/model.ts';
import type { Augmentation, Batch } from '../probe/finetune/order.ts';
import type { ProbeProtocol } from '../probe/protocol.ts';
import type { RunningDevice } from '../runtime/device.ts';
import type { ImageShape } from './augmentation.ts';
import type { Lowering } from './lowering.ts';
import { checkOptimiser, type Optimiser } from './optimisers.ts';
import { checkData, type TrainingData } from './training-data.ts';

export interface TrainerOptions {
  /** What messages call the network. */
  name: string;
  model: Model;
  /** The graph's input, and the tensor [N, D] that holds the features. */
  input: string;
  features: string;
  image: ImageShape;
  data: TrainingData;
  classes: number;
  task: ProbeProtocol['task'];
  /** The weights that are trained beside the head; see strategies.ts. */
  trained: ReadonlySet<string>;
  /** Images a step. */
  batch: number;
  optimiser: Optimiser;
  /** Multiple of the learning rate that the head is trained with; default 1. */
  headRate?: number;
  augmentation: Augmentation;
  /** See brightnessOffset: one number a channel. */
  offset: Float32Array;
  loss?: { smoothing?: number; classWeights?: Float32Array };
  device: RunningDevice;
  /** Processor threads inside one operator. */
  threads: number;
  /** Default: see loweringFor. */
  lowering?: Lowering;
  /** Default: see stepsInLoop. */
  inLoop?: boolean;
}

export interface TrainingRun {
  /** One a step; see batchesOf. */
  batches: readonly Batch[];
  /** One a step; see learningRates. */
  learningRates: ArrayLike<number>;
}

/** What happened in some steps that followed each other. */
export interface Steps {
  /** The mean loss over each step's batch, before the step. */
  losses: number[];
  /** The norm of each step's gradient over all weights, before clipping. */
  norms: number[];
}

export interface TrainingResult extends Steps {
  /** The first step, from 0, whose loss or gradient was not finite; training ended there. null: all went well. */
  diverged: number | null;
}

/** Where a training run stands. */
export interface TrainingState {
  steps: number;
  /** Weights and the optimiser's moments. */
  numbers: Float32Array;
}

/** Seconds, the median of a few timed runs. */
export interface Speed {
  secondsPerStep: number;
  /** Forward only, one image. */
  secondsPerImage: number;
}

/**
 * @throws input-invalid for a setting out of its range; shape-mismatch for images, labels and settings that do not fit
 *   each other
 */
export function checkOptions(options: TrainerOptions): void {
  const { data, optimiser, batch, image, offset } = options;
  checkOptimiser(optimiser);
  checkData(data, options);
  if (!(Number.isInteger(batch) && batch >= 1))
    throw new TransferEvidenceError('shape-mismatch', `A step needs a whole number of images; ${batch} was given.`);
  if (offset.length !== image.channels)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `One brightness offset for each of ${image.channels} channels was expected; ${offset.length} were given.`,
    );
}

/** @throws shape-mismatch for rates, batches and images that do not fit the trainer */
export function checkRun({ batches, learningRates }: TrainingRun, { batch, data }: TrainerOptions): void {
  if (learningRates.length !== batches.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `One learning rate a step was expected; there are ${batches.length} steps and ${learningRates.length} rates.`,
    );
  for (const { images, changes } of batches) {
    if (images.length !== batch || changes.length !== batch)
      throw new TransferEvidenceError(
        'shape-mismatch',
        `Batches of ${batch} images were expected; one of ${images.length} with ${changes.length} changes was given.`,
      );
    checkImages(images, data);
  }
}

/** @throws shape-mismatch for an index of no image */
export function checkImages(images: readonly number[], { labels }: TrainingData): void {
  const wrong = images.find((index) => !(Number.isInteger(index) && index >= 0 && index < labels.length));
  if (wrong !== undefined)
    throw new TransferEvidenceError('shape-mismatch', `There is no image ${wrong} among ${labels.length}.`);
}

/** What to throw when a signal has fired. */
export function cancelled({ reason }: AbortSignal): TransferEvidenceError {
  if (reason instanceof TransferEvidenceError) return reason;
  return new TransferEvidenceError('cancelled', 'Training was stopped before it was done.');
}
