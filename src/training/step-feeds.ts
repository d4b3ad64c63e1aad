import type { Tensor } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { drawsOf, partsOf } from './augmentation.ts';
import { scalarsOf } from './optimisers.ts';
import { stepNames } from './step-graph.ts';
import type { TrainerOptions, TrainingRun } from './trainer-options.ts';

/**
 * What the training graph reads of a run's steps, by its names: which images each step sees and how they are changed, and the
 * numbers of the optimiser.
 * @param done steps that were taken before
 */
export function stepFeeds(
  { Tensor }: OnnxRuntime,
  { batches, learningRates }: TrainingRun,
  { batch, optimiser, augmentation, image, done }: TrainerOptions & { done: number },
): Record<string, Tensor> {
  const steps = batches.length;
  const order = batches.flatMap(({ images }) => images);
  const scalars = batches.map((_, i) => scalarsOf(optimiser, learningRates[i]!, done + i + 1));
  const feeds: Record<string, Tensor> = {
    [stepNames.order]: new Tensor('int64', BigInt64Array.from(order, BigInt), [steps, batch]),
    [stepNames.scalars]: new Tensor('float32', Float32Array.from(scalars.flat()), [steps, scalars[0]!.length]),
  };
  const draws = drawsOf(
    batches.flatMap(({ changes }) => changes),
    augmentation,
    image,
  );
  for (const { name, perImage } of partsOf(augmentation))
    feeds[stepNames.draws(name)] = new Tensor('float32', draws[name]!, [steps, batch, ...perImage]);
  return feeds;
}
