import { digestOf, sha256 } from '../digest.ts';
import { replaceConstants } from '../encoder/replace-constants.ts';
import { TransferEvidenceError } from '../errors.ts';
import type { TrainedProbe } from '../measures.ts';
import { float32Of, type Model } from '../onnx/model.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import type { SeedSplit } from '../probe/finetune/splits.ts';
import { brightnessOffset } from '../training/augmentation.ts';
import { trainedBy } from '../training/strategies.ts';
import type { ThreadOptions } from '../training/train-protocol.ts';
import type { OpenThread } from '../training/train-threads.ts';
import type { TrainedSubject } from './trained-subjects.ts';
import { augmentationOf, optimiserOf } from './training-protocol.ts';
import type { TrainingMeans, TrainingTask } from './training-task.ts';

/** What a seed of a subject starts from. */
export interface StartingNetwork {
  /** An ONNX file. */
  model: Uint8Array;
  /** What is trained of it, by name. */
  weights: ReadonlyMap<string, Float32Array>;
  /** Digest of everything that is not trained: networks that share it become each other when their weights are set. */
  rest: string;
}

async function startingNetwork(
  subject: TrainedSubject,
  measure: TrainedProbe,
  target: { images: Float32Array; at: SeedSplit },
): Promise<StartingNetwork> {
  const { encoder } = subject;
  const file = await subject.start(target.at.seedIndex, { images: target.images, train: target.at.train });
  const model = readModel(file);
  const trained = trainedBy(measure === 'probe.finetune' ? 'finetune' : 'last_block', model, encoder.output);
  const weights = new Map<string, Float32Array>();
  const blank = replaceConstants(model, (name, tensor) => {
    if (!trained.has(name)) return undefined;
    // A copy: sent to a thread, a view would take the whole file along.
    weights.set(name, float32Of(tensor).slice());
    return new Float32Array(weights.get(name)!.length);
  });
  const { output, preprocessing } = encoder;
  const computed = sha256(writeModel(bare(blank)));
  return { model: file, weights, rest: digestOf([computed, [...weights.keys()], output, preprocessing]) };
}

/** What exporters write beside the graph would tell apart networks that compute the same. */
function bare({ graph, ...model }: Model): Model {
  const inputs = graph.inputs.map(({ name }) => ({ name, rest: [] }));
  return { ...model, metadata: {}, rest: [], graph: { ...graph, name: '', inputs, valueInfo: [], rest: [] } };
}

/**
 * Has a thread open a subject's network for a seed, unless one lies open in it that differs in trained weights alone.
 * Which of them was opened changes no number, since every run sets all trained weights.
 * @returns the weights to start from
 */
export async function openForSeed(
  { subject, measure, at }: { subject: TrainedSubject; measure: TrainedProbe; at: SeedSplit },
  thread: OpenThread,
  task: TrainingTask,
  means: TrainingMeans,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { encoder } = subject;
  const images = await means.pixels(encoder);
  // Random weights are scaled on the images that the seed trains on.
  const key = JSON.stringify([measure, subject.digest(at.seedIndex), subject.redrawn ? at.train : null]);
  const start = await means.starts.get(key, () => startingNetwork(subject, measure, { images, at }));
  const { protocol, fineTuning, device, threads, lowering } = task;
  const { name, input, output, layout, channels, height, width, preprocessing } = encoder;
  const options = (): ThreadOptions => ({
    name,
    model: start.model,
    input,
    features: output,
    image: { layout, channels, height, width },
    data: { images, labels: protocol.labels },
    classes: protocol.classes,
    task: protocol.task,
    trained: new Set(start.weights.keys()),
    batch: fineTuning.batch,
    optimiser: optimiserOf(fineTuning),
    augmentation: augmentationOf(fineTuning),
    offset: brightnessOffset(preprocessing, channels),
    device,
    threads,
    lowering,
  });
  try {
    await thread.open(`${measure} ${start.rest}`, options);
  } catch (error) {
    throw encoder.fixedBatch !== null && cannotBeTrained(error) ? forOneBatchSize(error, encoder.fixedBatch) : error;
  }
  return start.weights;
}

function forOneBatchSize({ code, message }: TransferEvidenceError, fixedBatch: number): TransferEvidenceError {
  return new TransferEvidenceError(
    code,
    `${message} It was exported for ${fixedBatch === 1 ? 'one image' : `${fixedBatch} images`} at a time, and all networks are trained on batches of one size: export it with a free batch size.`,
  );
}

/** A network that cannot be trained is no evidence for its candidate, and no fault of the run. A device that fails has another code. */
export function cannotBeTrained(error: unknown): error is TransferEvidenceError {
  return (
    error instanceof TransferEvidenceError && (error.code === 'model-unsupported' || error.code === 'shape-mismatch')
  );
}
