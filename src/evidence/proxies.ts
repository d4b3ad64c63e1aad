import { digestOf } from '../digest.ts';
import { builtInNetwork } from '../encoder/built-in/index.ts';
import { type Encoder, withDigest } from '../encoder/encoder.ts';
import { readNetworkImages } from '../encoder/network-pixels.ts';
import { replaceConstants } from '../encoder/replace-constants.ts';
import { TransferEvidenceError } from '../errors.ts';
import { matrix } from '../matrix.ts';
import { elements } from '../onnx/model.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import { batchesOf } from '../probe/finetune/order.ts';
import { learningRates } from '../probe/finetune/schedule.ts';
import type { RunningDevice } from '../runtime/device.ts';
import type { Sharp } from '../runtime/require-native.ts';
import { brightnessOffset } from '../training/augmentation.ts';
import { trainableWeights } from '../training/prepare.ts';
import type { TrainThread } from '../training/train-thread.ts';
import type { PlannedCandidate, PlannedFineTuning } from './plan.ts';
import type { Store } from './store.ts';
import { augmentationOf, trainingVersion, warmUpOf } from './training-protocol.ts';

/** The pretraining that every proxy gets, whatever its images: about twenty seconds on two cores. */
const pretraining = {
  steps: 400,
  batch: 32,
  rate: 2e-3,
  optimiser: { kind: 'adamw', decay: 0.05, clip: 5 },
} as const;

export interface ProxyRequest {
  candidate: PlannedCandidate;
  fineTuning: PlannedFineTuning;
  seed: number;
  device: RunningDevice;
  threads: number;
  sharp: Sharp;
  thread: () => TrainThread;
  store: Store;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * A built-in network, pretrained on a candidate's labelled images: what the images teach a small network in a short while, in place
 * of weights that nobody has. The same network, initial weights and number of steps for every candidate. Kept in the store.
 */
export async function pretrainedProxy(request: ProxyRequest): Promise<Encoder> {
  const { candidate, fineTuning, seed, store } = request;
  const start = builtInNetwork(fineTuning.proxy!, seed);
  const model = readModel(start.model);
  const names = [...trainableWeights(model)].sort();
  const lengths = new Map(model.graph.initializers.map(({ name, dims }) => [name, elements(dims)]));
  const key = digestOf({
    trainingVersion,
    pretraining,
    augmentation: augmentationOf(fineTuning),
    network: start.digest,
    images: candidate.sample!.digest,
    seed,
  });
  const kept = await store.readMatrix(key);
  let numbers = kept?.data as Float32Array | undefined;
  if (!numbers) {
    const weights = await pretrain(start, request);
    numbers = Float32Array.from(names.flatMap((name) => Array.from(weights.get(name)!)));
    await store.writeMatrix(key, matrix(numbers, 1, numbers.length));
  }
  const places = new Map<string, [from: number, to: number]>();
  names.reduce((from, name) => {
    places.set(name, [from, from + lengths.get(name)!]);
    return from + lengths.get(name)!;
  }, 0);
  const trained = replaceConstants(model, (name) => {
    const place = places.get(name);
    return place && numbers.slice(...place);
  });
  return withDigest({ ...start, name: `the proxy of ${candidate.id}`, model: writeModel(trained) });
}

async function pretrain(start: Encoder, request: ProxyRequest): Promise<Map<string, Float32Array>> {
  const { candidate, fineTuning, seed, device, threads, sharp, signal } = request;
  const { sample, dataset } = candidate.sample!;
  const multilabel = sample.some((image) => image.labels.length > 1);
  // Of several labels an image may have none; of one class each, an image without has nothing to teach.
  const used = multilabel ? sample : sample.filter((image) => image.labels.length === 1);
  const images = await readNetworkImages(used, start, sharp, { signal });
  const labels = used.map((image) => image.labels);
  const all = [...used.keys()];
  const thread = request.thread();
  const augmentation = augmentationOf(fineTuning);
  const { steps, batch, rate, optimiser } = pretraining;
  await thread.open({
    name: start.name,
    model: start.model,
    input: start.input,
    features: start.output,
    image: start,
    data: { images, labels },
    classes: dataset.classes.length,
    task: multilabel ? 'multilabel' : 'multiclass',
    trained: trainableWeights(readModel(start.model)),
    batch,
    optimiser,
    augmentation,
    offset: brightnessOffset(start.preprocessing, start.channels),
    device,
    threads,
  });
  await thread.reset(all);
  const { diverged } = await thread.train(
    {
      batches: batchesOf({ train: all, batch, steps, seed, seedIndex: 0, augmentation }),
      learningRates: learningRates({ peak: rate, steps, warmUp: warmUpOf(steps) }),
    },
    { signal, onChunk: (done) => request.onProgress(done, steps) },
  );
  if (diverged !== null)
    throw new TransferEvidenceError(
      'model-unsupported',
      `Pretraining on the images of ${candidate.id} broke down at step ${diverged + 1}: the loss grew beyond all bounds. Check that its labels and images belong together.`,
    );
  return thread.weights();
}
