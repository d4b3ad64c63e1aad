import type { ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
import { type BuiltInNetwork, builtInNetwork } from '../encoder/built-in/index.ts';
import { type Encoder, withDigest } from '../encoder/encoder.ts';
import { readNetworkImages } from '../encoder/network-pixels.ts';
import { replaceConstants } from '../encoder/replace-constants.ts';
import { TransferEvidenceError } from '../errors.ts';
import { matrix } from '../matrix.ts';
import { elements, type Model } from '../onnx/model.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import { batchesOf } from '../probe/finetune/order.ts';
import { learningRates } from '../probe/finetune/schedule.ts';
import type { Sharp } from '../runtime/require-native.ts';
import { brightnessOffset } from '../training/augmentation.ts';
import { trainableWeights } from '../training/prepare.ts';
import type { OpenThread } from '../training/train-threads.ts';
import type { PlannedCandidate } from './plan.ts';
import type { Store } from './store.ts';
import { augmentationOf, trainingVersion, warmUpOf } from './training-protocol.ts';
import type { TrainingMeans, TrainingTask } from './training-task.ts';

/** The pretraining that every proxy gets, whatever its images: less than a minute on one core. */
export const pretraining = {
  steps: 400,
  batch: 32,
  rate: 2e-3,
  optimiser: { kind: 'adamw', decay: 0.05, clip: 5 },
} as const;

export interface ProxyRequest {
  network: BuiltInNetwork;
  /** A candidate without weights, and those of its images that can be read. */
  candidate: PlannedCandidate;
  images: readonly ImageRecord[];
  sharp: Sharp;
}

/** The proxy as the store has it, if this was ever pretrained before. */
export async function keptProxy(request: ProxyRequest, task: TrainingTask, store: Store): Promise<Encoder | undefined> {
  const start = builtInNetwork(request.network, task.seed);
  const kept = await store.readMatrix(keyOf(start, request, task));
  return kept && withWeights(start, request, Float32Array.from(kept.data));
}

/**
 * A built-in network, pretrained on a candidate's labelled images: what the images teach a small network in a short while, in place
 * of weights that nobody has. The same network, initial weights and number of steps for every candidate. Kept in the store.
 * @throws model-unsupported when pretraining breaks down
 */
export async function pretrainedProxy(
  request: ProxyRequest,
  thread: OpenThread,
  task: TrainingTask,
  means: Pick<TrainingMeans, 'store' | 'signal'> & { onProgress: (done: number) => void },
): Promise<Encoder> {
  const start = builtInNetwork(request.network, task.seed);
  const weights = await pretrain(start, request, thread, task, means);
  const { of, total } = placesOf(readModel(start.model));
  const numbers = new Float32Array(total);
  for (const [name, [from]] of of) numbers.set(weights.get(name)!, from);
  await means.store.writeMatrix(keyOf(start, request, task), matrix(numbers, 1, total));
  return withWeights(start, request, numbers);
}

function keyOf(
  start: Encoder,
  { candidate, images }: ProxyRequest,
  { fineTuning, seed, device, lowering }: TrainingTask,
): string {
  return digestOf({
    trainingVersion,
    pretraining: { ...pretraining, steps: fineTuning.pretrainingSteps },
    augmentation: augmentationOf(fineTuning),
    network: start.digest,
    images: [candidate.sample!.digest, images.length],
    seed,
    device,
    lowering,
  });
}

function withWeights(start: Encoder, { candidate }: ProxyRequest, numbers: Float32Array): Encoder {
  const model = readModel(start.model);
  const { of } = placesOf(model);
  const trained = replaceConstants(model, (name) => {
    const place = of.get(name);
    return place && numbers.slice(...place);
  });
  return withDigest({ ...start, name: `the proxy of ${candidate.id}`, model: writeModel(trained) });
}

/** Where the numbers of each weight lie among those of all. */
function placesOf(model: Model): { of: Map<string, [from: number, to: number]>; total: number } {
  const lengths = new Map(model.graph.initializers.map(({ name, dims }) => [name, elements(dims)]));
  const of = new Map<string, [number, number]>();
  let total = 0;
  for (const name of [...trainableWeights(model)].sort()) {
    const from = total;
    total += lengths.get(name)!;
    of.set(name, [from, total]);
  }
  return { of, total };
}

async function pretrain(
  start: Encoder,
  { candidate, images, sharp }: ProxyRequest,
  thread: OpenThread,
  { fineTuning, seed, device, threads, lowering }: TrainingTask,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number) => void },
): Promise<Map<string, Float32Array>> {
  const { dataset } = candidate.sample!;
  const multilabel = images.some(({ labels }) => labels.length > 1);
  // Of several labels an image may have none; of one class each, an image without has nothing to teach.
  const used = multilabel ? images : images.filter(({ labels }) => labels.length === 1);
  const pixels = await readNetworkImages(used, start, sharp, { signal });
  const labels = used.map((image) => image.labels);
  const all = [...used.keys()];
  const augmentation = augmentationOf(fineTuning);
  const { batch, rate, optimiser } = pretraining;
  const steps = fineTuning.pretrainingSteps;
  const { trainer } = thread;
  await thread.open(`pretraining ${candidate.id}`, () => ({
    name: start.name,
    model: start.model,
    input: start.input,
    features: start.output,
    image: start,
    data: { images: pixels, labels },
    classes: dataset.classes.length,
    task: multilabel ? 'multilabel' : 'multiclass',
    trained: trainableWeights(readModel(start.model)),
    batch,
    optimiser,
    augmentation,
    offset: brightnessOffset(start.preprocessing, start.channels),
    device,
    threads,
    lowering,
  }));
  await trainer.reset(all);
  const { diverged } = await trainer.train(
    {
      batches: batchesOf({ train: all, batch, steps, seed, seedIndex: 0, augmentation }),
      learningRates: learningRates({ peak: rate, steps, warmUp: warmUpOf(steps) }),
    },
    { signal, onChunk: onProgress },
  );
  if (diverged !== null)
    throw new TransferEvidenceError(
      'model-unsupported',
      `Pretraining on the images of ${candidate.id} broke down at step ${diverged + 1}: the loss grew beyond all bounds. Check that its labels and images belong together.`,
    );
  return trainer.weights();
}
