import { digestOf } from '../digest.ts';
import type { TrainedProbe } from '../measures.ts';
import { batchesOf } from '../probe/finetune/order.ts';
import { chooseRun, type FineTuneRun, recordRun } from '../probe/finetune/outcome.ts';
import { learningRates } from '../probe/finetune/schedule.ts';
import type { SeedSplit } from '../probe/finetune/splits.ts';
import { scoreOf } from '../probe/metrics.ts';
import { outputsOf, type ProbeProtocol } from '../probe/protocol.ts';
import type { TrainThread } from '../training/train-thread.ts';
import { cannotBeTrained, openForSeed } from './starting-network.ts';
import type { TrainedSubject } from './trained-subjects.ts';
import { augmentationOf, optimiserOf, trainingVersion, warmUpOf } from './training-protocol.ts';
import type { TrainingMeans, TrainingTask } from './training-task.ts';
import { forgetParts, trainInParts } from './unfinished-runs.ts';

/** The length of each run, and which images a seed has. */
export interface RunSize {
  splits: readonly SeedSplit[];
  steps: number;
}

export interface TrainedRuns {
  /** By subject: of each seed the run that validation images chose. A subject that cannot be trained is missing. */
  chosen: Map<string, FineTuneRun[]>;
  /** By subject that cannot be trained: why. */
  refused: Map<string, string>;
  /** Runs of different networks, rates and seeds. */
  runs: number;
  /** How many of them were not in the store. */
  fresh: number;
}

interface Run {
  subject: TrainedSubject;
  at: SeedSplit;
  rate: number;
}

/**
 * Trains every subject with each of its learning rates on every seed, from where an earlier start of the program left off:
 * each run is kept as soon as it is done, the predictions of its test images in it. What two subjects have in common, as
 * one network under two names, is trained once. Results are the same however runs are shared out among threads.
 */
export async function trainRuns(
  subjects: readonly TrainedSubject[],
  measure: TrainedProbe,
  size: RunSize,
  task: TrainingTask,
  means: TrainingMeans,
): Promise<TrainedRuns> {
  const { store } = means;
  const planned = new Map<string, Run>();
  const keysOf = new Map<string, string[][]>();
  for (const subject of subjects) {
    const bySeed = size.splits.map((at) =>
      subject.learningRates.map((rate) => {
        const run = { subject, at, rate };
        const key = runKey(run, measure, size.steps, task);
        if (!planned.has(key)) planned.set(key, run);
        return key;
      }),
    );
    keysOf.set(subject.id, bySeed);
  }

  const found = new Map<string, FineTuneRun>();
  for (const key of planned.keys()) {
    const known = (await store.readJson('training-run', key)) as FineTuneRun | undefined;
    if (known) found.set(key, known);
  }
  const missing = [...planned].filter(([key]) => !found.has(key));
  const failed = new Map<TrainedSubject, string>();
  let done = found.size;
  const tell = () => means.onStep(stepName[measure], done, planned.size);
  if (missing.length > 0) tell();
  await means.threads.each(missing, async ([key, run], thread) => {
    if (!failed.has(run.subject))
      try {
        const weights = await openForSeed({ ...run, measure }, thread, task, means);
        const result = await trainOnce({ ...run, key }, size.steps, weights, {
          task,
          trainer: thread.trainer,
          means,
        });
        await store.writeJson('training-run', key, result);
        await forgetParts(key, store);
        found.set(key, result);
      } catch (error) {
        if (!cannotBeTrained(error)) throw error;
        failed.set(run.subject, error.message);
      }
    done++;
    tell();
  });

  const result: TrainedRuns = { chosen: new Map(), refused: new Map(), runs: planned.size, fresh: missing.length };
  for (const { id } of subjects) {
    const bySeed = keysOf.get(id)!;
    const lost = bySeed.flat().find((key) => !found.has(key));
    // The one that was trained on behalf of both may bear another name.
    if (lost !== undefined) result.refused.set(id, failed.get(planned.get(lost)!.subject)!);
    else
      result.chosen.set(
        id,
        bySeed.map((keys) => chooseRun(keys.map((key) => found.get(key)!))),
      );
  }
  return result;
}

const stepName: Record<TrainedProbe, string> = {
  'probe.finetune': 'Fine-tuning',
  'probe.last_block': 'Training last blocks',
};

function runKey({ subject, at, rate }: Run, measure: TrainedProbe, steps: number, task: TrainingTask): string {
  const { fineTuning, protocol, seed, digest, device, lowering } = task;
  return digestOf({
    trainingVersion,
    measure,
    network: subject.digest(at.seedIndex),
    target: digest,
    seed,
    split: at,
    rate,
    steps,
    batch: fineTuning.batch,
    optimiser: optimiserOf(fineTuning),
    augmentation: augmentationOf(fineTuning),
    task: protocol.task,
    metric: protocol.metric,
    // Differences in the last bits grow as training goes on.
    device,
    lowering,
  });
}

async function trainOnce(
  { at, rate, key }: Run & { key: string },
  steps: number,
  weights: ReadonlyMap<string, Float32Array>,
  { task, trainer, means }: { task: TrainingTask; trainer: TrainThread; means: TrainingMeans },
): Promise<FineTuneRun> {
  const { protocol, fineTuning, seed } = task;
  await trainer.reset(at.train, weights);
  const batches = batchesOf({
    train: at.train,
    batch: fineTuning.batch,
    steps,
    seed,
    seedIndex: at.seedIndex,
    augmentation: augmentationOf(fineTuning),
  });
  const rates = learningRates({ peak: rate, steps, warmUp: warmUpOf(steps) });
  const { firstLoss, lastLoss, diverged } = await trainInParts(
    { batches, learningRates: rates },
    { key, sideBySide: means.threads.count, store: means.store, trainer, signal: means.signal },
  );
  const [validation, test] = [await trainer.predict(at.validation), await trainer.predict(at.test)];
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
      firstLoss,
      lastLoss,
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
