import type { ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
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
import type { TrainingData } from '../training/training-data.ts';
import type { PlannedCandidate } from './plan.ts';
import type { Store } from './store.ts';
import { augmentationOf, trainingVersion, warmUpOf } from './training-protocol.ts';
import type { TrainingMeans, TrainingTask } from './training-task.ts';
import { forgetParts, trainInParts } from './unfinished-runs.ts';

/** The pretraining that every proxy gets, whatever its images: about 45 seconds on one core, out of the budget of fine-tuning. */
export const pretraining = {
  steps: 400,
  batch: 32,
  rate: 2e-3,
  optimiser: { kind: 'adamw', decay: 0.05, clip: 5 },
} as const;

export interface ProxyRequest {
  /** The built-in network as pretraining finds it: one and the same for all. */
  start: Encoder;
  /** A candidate without weights, and those of its images that can be read. */
  candidate: PlannedCandidate;
  images: readonly ImageRecord[];
  sharp: Sharp;
}

/** The proxy as the store has it, if this was ever pretrained before. */
export async function keptProxy(request: ProxyRequest, task: TrainingTask, store: Store): Promise<Encoder | undefined> {
  const kept = await store.readMatrix(keyOf(request, task));
  return kept && withWeights(request, Float32Array.from(kept.data));
}

/** The proxy before pretraining. Its digest stands for what it will be pretrained on and how, whether or not it is pretrained by then. */
export function unpretrainedProxy(request: ProxyRequest, task: TrainingTask): Encoder {
  return { ...request.start, digest: keyOf(request, task) };
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
  means: Pick<TrainingMeans, 'store' | 'signal' | 'threads'> & { onProgress: (done: number) => void },
): Promise<Encoder> {
  const weights = await pretrain(request, thread, task, means);
  const { of, total } = placesOf(readModel(request.start.model));
  const numbers = new Float32Array(total);
  for (const [name, [from]] of of) numbers.set(weights.get(name)!, from);
  const key = keyOf(request, task);
  await means.store.writeMatrix(key, matrix(numbers, 1, total));
  await forgetParts(key, means.store);
  return withWeights(request, numbers);
}

function keyOf(
  { start, candidate, images }: ProxyRequest,
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

function withWeights({ start, candidate }: ProxyRequest, numbers: Float32Array): Encoder {
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
  request: ProxyRequest,
  thread: OpenThread,
  task: TrainingTask,
  { store, threads, signal, onProgress }: Parameters<typeof pretrainedProxy>[3],
): Promise<Map<string, Float32Array>> {
  const { fineTuning, seed } = task;
  const data = await readTaught(request, { signal });
  const all = [...data.labels.keys()];
  const augmentation = augmentationOf(fineTuning);
  const { batch, rate } = pretraining;
  const steps = fineTuning.pretrainingSteps;
  await openToPretrain(request, data, thread, task);
  await thread.trainer.reset(all);
  const { diverged } = await trainInParts(
    {
      batches: batchesOf({ train: all, batch, steps, seed, seedIndex: 0, augmentation }),
      learningRates: learningRates({ peak: rate, steps, warmUp: warmUpOf(steps) }),
    },
    { key: keyOf(request, task), sideBySide: threads.count, store, trainer: thread.trainer, signal, onProgress },
  );
  if (diverged !== null)
    throw new TransferEvidenceError(
      'model-unsupported',
      `Pretraining on the images of ${request.candidate.id} broke down at step ${diverged + 1}: the loss grew beyond all bounds. Check that its labels and images belong together.`,
    );
  return thread.trainer.weights();
}

/**
 * The images that teach a proxy, as its network takes them.
 * @param most the first so many alone
 * @throws dataset-unreadable when an image that was read before cannot be read now
 */
export async function readTaught(
  request: ProxyRequest,
  { most = Infinity, signal }: { most?: number; signal: AbortSignal },
): Promise<TrainingData> {
  const { images, start, sharp } = request;
  // Of several labels an image may have none; of one class each, an image without has nothing to teach.
  const all = isMultilabel(request) ? images : images.filter(({ labels }) => labels.length === 1);
  const used = all.slice(0, most);
  return {
    images: await readNetworkImages(used, start, sharp, { signal }),
    labels: used.map(({ labels }) => labels),
  };
}

/** Has a thread open a proxy's network to be pretrained on what {@link readTaught} gave. */
export async function openToPretrain(
  request: ProxyRequest,
  data: TrainingData,
  thread: OpenThread,
  { fineTuning, device, threads, lowering }: TrainingTask,
): Promise<void> {
  const { start, candidate } = request;
  const { batch, optimiser } = pretraining;
  await thread.open(`pretraining ${candidate.id} on ${data.labels.length}`, () => ({
    name: start.name,
    model: start.model,
    input: start.input,
    features: start.output,
    image: start,
    data,
    classes: candidate.sample!.dataset.classes.length,
    task: isMultilabel(request) ? 'multilabel' : 'multiclass',
    trained: trainableWeights(readModel(start.model)),
    batch,
    optimiser,
    augmentation: augmentationOf(fineTuning),
    offset: brightnessOffset(start.preprocessing, start.channels),
    device,
    threads,
    lowering,
  }));
}

function isMultilabel({ images }: ProxyRequest): boolean {
  return images.some(({ labels }) => labels.length > 1);
}
