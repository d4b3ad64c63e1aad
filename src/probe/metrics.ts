import { TransferEvidenceError } from '../errors.ts';
import type { Metric } from '../evidence/schema.ts';
import type { ProbeProtocol } from './protocol.ts';

/** What images are (class indices) and what they were predicted as (images × outputs, row-major, binary: one output). */
export interface Predicted {
  labels: readonly (readonly number[])[];
  probabilities: ArrayLike<number>;
  classes: number;
  task: ProbeProtocol['task'];
}

export interface Score {
  /** 0 … 1, higher is better. */
  score: number;
  /** Labels left out because the images show only one side of them. */
  skippedLabels: number;
}

/**
 * The score of predictions by a metric of the manifest.
 * `balanced_accuracy`: mean recall of the classes among the images. `auc`: binary, of class 1. `macro_auc`: mean of the
 * labels' AUCs, each label against the rest; labels that all or none of the images have are left out and counted.
 * @throws measure-refused when the metric does not fit the task, or no label can be scored
 */
export function scoreOf(metric: Metric, predicted: Predicted): Score {
  const { labels, classes, task } = predicted;
  switch (metric) {
    case 'accuracy':
    case 'balanced_accuracy': {
      if (task === 'multilabel') return refuse(metric, task, 'macro_auc');
      const truth = labels.map((own) => own[0]!);
      const found = mostProbable(predicted);
      return {
        score: metric === 'accuracy' ? accuracy(truth, found) : balancedAccuracy(truth, found, classes),
        skippedLabels: 0,
      };
    }
    case 'auc':
      if (task !== 'binary') return refuse(metric, task, 'macro_auc');
      return meanAuc(predicted, [1]);
    case 'macro_auc':
      return meanAuc(predicted, task === 'binary' ? [1] : Array.from({ length: classes }, (_, label) => label));
  }
}

/** Share of images predicted right. */
export function accuracy(truth: readonly number[], predicted: readonly number[]): number {
  return truth.filter((label, i) => label === predicted[i]).length / truth.length;
}

/** Mean over the classes among `truth` of the share of their images predicted right. */
export function balancedAccuracy(truth: readonly number[], predicted: readonly number[], classes: number): number {
  const right = new Float64Array(classes);
  const all = new Float64Array(classes);
  truth.forEach((label, i) => {
    all[label] = all[label]! + 1;
    if (predicted[i] === label) right[label] = right[label]! + 1;
  });
  let sum = 0;
  let present = 0;
  for (let c = 0; c < classes; c++) {
    if (all[c] === 0) continue;
    sum += right[c]! / all[c]!;
    present++;
  }
  return sum / present;
}

/**
 * Probability that a positive scores above a negative, ties counting half: the Mann–Whitney statistic over all pairs
 * (Hanley & McNeil 1982). `undefined` when all are positive or all negative.
 */
export function auc(positive: readonly boolean[], scores: ArrayLike<number>): number | undefined {
  const order = positive.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const positives = positive.filter(Boolean).length;
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let i = from; i < to; i++) if (positive[order[i]!]) ranks += (from + to + 1) / 2;
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** The class predicted for each image; the lower index where two are equally probable. */
export function mostProbable({ probabilities, classes, task }: Omit<Predicted, 'labels'>): number[] {
  const outputs = task === 'binary' ? 1 : classes;
  const found: number[] = [];
  for (let i = 0; i < probabilities.length; i += outputs) {
    let best = 0;
    if (outputs === 1) best = probabilities[i]! > 0.5 ? 1 : 0;
    else for (let k = 1; k < outputs; k++) if (probabilities[i + k]! > probabilities[i + best]!) best = k;
    found.push(best);
  }
  return found;
}

function meanAuc({ labels, probabilities, classes, task }: Predicted, wanted: readonly number[]): Score {
  const outputs = task === 'binary' ? 1 : classes;
  const found: number[] = [];
  for (const label of wanted) {
    const scores = labels.map((_, i) => probabilities[i * outputs + (outputs === 1 ? 0 : label)]!);
    const value = auc(
      labels.map((own) => own.includes(label)),
      scores,
    );
    if (value !== undefined) found.push(value);
  }
  if (found.length === 0)
    throw new TransferEvidenceError(
      'measure-refused',
      'AUC needs images with and without a label in every test fold, and a test fold has only one side of every label. Add groups (patients, slides, images) of the rarest class, at least one for each fold.',
    );
  return { score: found.reduce((sum, x) => sum + x, 0) / found.length, skippedLabels: wanted.length - found.length };
}

function refuse(metric: Metric, task: string, instead: string): never {
  throw new TransferEvidenceError(
    'measure-refused',
    `The metric ${metric} is not defined for a ${task} task; name ${instead} as target.task.metric.`,
  );
}
