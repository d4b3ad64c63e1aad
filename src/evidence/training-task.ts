import { drawSample } from '../dataset/sample.ts';
import { digestOf } from '../digest.ts';
import type { PixelDemand } from '../encoder/network-pixels.ts';
import type { FineTuneProtocol } from '../probe/finetune/seed-scores.ts';
import { type SeedSplit, seedSplits } from '../probe/finetune/splits.ts';
import type { RunningDevice } from '../runtime/device.ts';
import type { Lowering } from '../training/lowering.ts';
import type { TrainThreads } from '../training/train-threads.ts';
import type { ReadSet } from './describe-sets.ts';
import type { Plan, PlannedFineTuning } from './plan.ts';
import type { Recent } from './recent.ts';
import type { Metric, ProbeSize, Task } from './schema.ts';
import type { StartingNetwork } from './starting-network.ts';
import type { Store } from './store.ts';

/** What every subject is trained on, and how. */
export interface TrainingTask {
  protocol: Omit<FineTuneProtocol, 'splits'>;
  target: Pick<ReadSet, 'images'>;
  classes: readonly string[];
  /** Digest of the target images, in order. */
  digest: string;
  fineTuning: PlannedFineTuning;
  seed: number;
  device: RunningDevice;
  /** Processor threads inside one operator. */
  threads: number;
  lowering: Lowering;
}

/** What training needs beside that, and what changes no number. */
export interface TrainingMeans {
  threads: TrainThreads;
  /** The target images as a network takes them. */
  pixels: (demand: PixelDemand) => Promise<Float32Array>;
  /** Networks that runs start from. */
  starts: Recent<StartingNetwork>;
  store: Store;
  onStep: (what: string, done: number, total: number) => void;
  signal: AbortSignal;
}

export function trainingTask(
  {
    plan,
    target,
    task,
    metric,
  }: {
    plan: Plan & { fineTuning: PlannedFineTuning };
    target: ReadSet;
    task: Exclude<Task, 'unlabelled'>;
    metric: Metric;
  },
  runs: Pick<TrainingTask, 'device' | 'threads' | 'lowering'>,
): TrainingTask {
  const { classes } = plan.target.dataset;
  return {
    protocol: {
      labels: target.images.map(({ labels }) => labels),
      groups: target.groups,
      classes: classes.length,
      task,
      metric,
    },
    target,
    classes,
    digest: digestOf([target.digest, target.images.length]),
    fineTuning: plan.fineTuning,
    seed: plan.seed,
    ...runs,
  };
}

/**
 * Train, validation and test images of each seed, by their places among the target's images.
 * @param size `images`: when fewer than there are, they are drawn as any sample is
 * @throws measure-refused when a class has too few groups
 */
export function splitsOf(task: TrainingTask, { seeds, images }: Pick<ProbeSize, 'seeds' | 'images'>): SeedSplit[] {
  const { labels, groups, classes, task: kind } = task.protocol;
  const used = drawn(task, images);
  const found = seedSplits({
    labels: used.map((index) => labels[index]!),
    groups: used.map((index) => groups[index]!),
    classes,
    seeds,
    seed: task.seed,
    multilabel: kind === 'multilabel',
  });
  const back = (part: readonly number[]) => part.map((i) => used[i]!);
  return found.map(({ seedIndex, train, validation, test }) => ({
    seedIndex,
    train: back(train),
    validation: back(validation),
    test: back(test),
  }));
}

function drawn({ target: { images }, classes, seed }: TrainingTask, count: number): number[] {
  if (count >= images.length) return [...images.keys()];
  const sample = drawSample({ images: [...images], classes: [...classes] }, { count, seed, purpose: 'fine-tuning' });
  const kept = new Set(sample.map(({ id }) => id));
  return [...images.keys()].filter((index) => kept.has(images[index]!.id));
}
