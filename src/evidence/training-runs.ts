import { digestOf } from '../digest.ts';
import { TransferEvidenceError } from '../errors.ts';
import type { TrainedProbe } from '../measures.ts';
import { readModel } from '../onnx/read.ts';
import { batchesOf } from '../probe/finetune/order.ts';
import { chooseRun, type FineTuneRun, recordRun } from '../probe/finetune/outcome.ts';
import { learningRates } from '../probe/finetune/schedule.ts';
import type { SeedSplit } from '../probe/finetune/splits.ts';
import { scoreOf } from '../probe/metrics.ts';
import { outputsOf, type ProbeProtocol } from '../probe/protocol.ts';
import type { RunningDevice } from '../runtime/device.ts';
import { brightnessOffset } from '../training/augmentation.ts';
import { trainedBy } from '../training/strategies.ts';
import type { ThreadOptions } from '../training/train-protocol.ts';
import type { TrainThread } from '../training/train-thread.ts';
import type { PlannedFineTuning } from './plan.ts';
import type { Store } from './store.ts';
import type { TrainedSubject } from './trained-subjects.ts';
import { augmentationOf, optimiserOf, trainingVersion, warmUpOf } from './training-protocol.ts';

/** What all runs have in common. */
export interface TrainingTask {
  protocol: Pick<ProbeProtocol, 'labels' | 'classes' | 'task' | 'metric'>;
  /** Digest of the target images, in order. */
  target: string;
  fineTuning: PlannedFineTuning;
  seed: number;
  device: RunningDevice;
  threads: number;
}

/** The length of each run, and which images a seed has. */
export interface TrainingSize {
  splits: readonly SeedSplit[];
  steps: number;
}

export interface TrainedRuns {
  /** By seed: the run that validation images chose. */
  chosen: FineTuneRun[];
  /** Runs that were in the store, and that were not. */
  known: number;
  trained: number;
}

/** A thread that trains, with the network that lies open in it. */
export interface OpenThread {
  thread: TrainThread;
  open: string | null;
}

/** Opens a subject's network for a seed, unless it is open. */
export async function openSubject(
  subject: TrainedSubject,
  measure: TrainedProbe,
  { at, images, task, open }: { at: SeedSplit; images: Float32Array; task: TrainingTask; open: OpenThread },
): Promise<void> {
  const key = `${measure} ${subject.digest(at.seedIndex)}`;
  if (open.open === key) return;
  open.open = null;
  const model = await subject.start(at.seedIndex, { images, train: at.train });
  await open.thread.open(threadOptions(subject, measure, model, images, task));
  open.open = key;
}

function threadOptions(
  { encoder }: TrainedSubject,
  measure: TrainedProbe,
  model: Uint8Array,
  images: Float32Array,
  { protocol, fineTuning, device, threads }: TrainingTask,
): ThreadOptions {
  const { name, input, output, layout, channels, height, width, preprocessing } = encoder;
  const strategy = measure === 'probe.finetune' ? 'finetune' : 'last_block';
  return {
    name,
    model,
    input,
    features: output,
    image: { layout, channels, height, width },
    data: { images, labels: protocol.labels },
    classes: protocol.classes,
    task: protocol.task,
    trained: trainedBy(strategy, readModel(model), output),
    batch: encoder.fixedBatch ?? fineTuning.batch,
    optimiser: optimiserOf(fineTuning),
    augmentation: augmentationOf(fineTuning),
    offset: brightnessOffset(preprocessing, channels),
    device,
    threads,
  };
}

/**
 * Trains one subject with every learning rate on every seed, from where an earlier run that was ended left off: each run is
 * kept as soon as it is done, the predictions of its test images in it.
 * @param onRun called after each run
 */
export async function trainSubject(
  subject: TrainedSubject,
  measure: TrainedProbe,
  size: TrainingSize,
  context: {
    images: () => Promise<Float32Array>;
    task: TrainingTask;
    store: Store;
    open: OpenThread;
    onRun: () => void;
    signal: AbortSignal;
  },
): Promise<TrainedRuns> {
  const { task, store, open, onRun, signal } = context;
  const result: TrainedRuns = { chosen: [], known: 0, trained: 0 };
  for (const at of size.splits) {
    const runs: FineTuneRun[] = [];
    for (const rate of subject.learningRates) {
      const key = runKey(subject, measure, { at, rate, steps: size.steps, task });
      const known = (await store.readJson('training-run', key)) as FineTuneRun | undefined;
      if (known) {
        runs.push(known);
        result.known++;
      } else {
        const images = await context.images();
        await openSubject(subject, measure, { at, images, task, open });
        const run = await trainOnce(at, rate, size.steps, { task, subject, thread: open.thread, signal });
        await store.writeJson('training-run', key, run);
        runs.push(run);
        result.trained++;
      }
      onRun();
    }
    result.chosen.push(chooseRun(runs));
  }
  return result;
}

function runKey(
  subject: TrainedSubject,
  measure: TrainedProbe,
  { at, rate, steps, task }: { at: SeedSplit; rate: number; steps: number; task: TrainingTask },
): string {
  const { fineTuning, protocol, seed, target } = task;
  return digestOf({
    trainingVersion,
    measure,
    network: subject.digest(at.seedIndex),
    target,
    seed,
    split: at,
    rate,
    steps,
    batch: fineTuning.batch,
    optimiser: optimiserOf(fineTuning),
    augmentation: augmentationOf(fineTuning),
    task: protocol.task,
    metric: protocol.metric,
  });
}

async function trainOnce(
  at: SeedSplit,
  rate: number,
  steps: number,
  {
    task,
    subject,
    thread,
    signal,
  }: { task: TrainingTask; subject: TrainedSubject; thread: TrainThread; signal: AbortSignal },
): Promise<FineTuneRun> {
  const { protocol, fineTuning, seed } = task;
  const batch = subject.encoder.fixedBatch ?? fineTuning.batch;
  await thread.reset(at.train);
  const batches = batchesOf({
    train: at.train,
    batch,
    steps,
    seed,
    seedIndex: at.seedIndex,
    augmentation: augmentationOf(fineTuning),
  });
  const rates = learningRates({ peak: rate, steps, warmUp: warmUpOf(steps) });
  const { losses, diverged } = await thread.train({ batches, learningRates: rates }, { signal });
  const [validation, test] = [await thread.predict(at.validation), await thread.predict(at.test)];
  const labels = at.validation.map((image) => protocol.labels[image]!);
  const broken = diverged !== null || !validation.every(Number.isFinite);
  return recordRun(
    {
      seedIndex: at.seedIndex,
      learningRate: rate,
      steps,
      validation: broken
        ? Number.NaN
        : scoreOf(protocol.metric, { ...protocol, labels, probabilities: validation }).score,
      validationLoss: broken ? Number.NaN : crossEntropy(validation, labels, protocol),
      firstLoss: losses[0] ?? Number.NaN,
      lastLoss: losses.at(-1) ?? Number.NaN,
      predictions: test,
    },
    protocol,
  );
}

/** No probability is taken to be smaller: one sure mistake would decide between configurations. */
const leastProbability = 1e-6;

/** Mean cross-entropy in nats, over labels as well where each stands for itself. */
function crossEntropy(
  probabilities: Float32Array,
  labels: readonly (readonly number[])[],
  { classes, task }: Pick<ProbeProtocol, 'classes' | 'task'>,
): number {
  const outputs = outputsOf(task, classes);
  const surprise = (probability: number) => -Math.log(Math.max(leastProbability, probability));
  let sum = 0;
  labels.forEach((own, row) => {
    if (task === 'multiclass') sum += surprise(probabilities[row * outputs + own[0]!]!);
    else
      for (let k = 0; k < outputs; k++) {
        const p = probabilities[row * outputs + k]!;
        sum += surprise(own.includes(outputs === 1 ? 1 : k) ? p : 1 - p) / outputs;
      }
  });
  return sum / labels.length;
}

/** A network that cannot be trained is no evidence for its candidate, and no fault of the run. */
export function cannotBeTrained(error: unknown): error is TransferEvidenceError {
  return (
    error instanceof TransferEvidenceError && (error.code === 'model-unsupported' || error.code === 'shape-mismatch')
  );
}
