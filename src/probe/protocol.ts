import type { Metric, Task } from '../evidence/schema.ts';

/** One train and test division of the images, by index. */
export interface Split {
  repeat: number;
  fold: number;
  train: number[];
  test: number[];
}

/** What every candidate is put through alike, so that only their features differ. */
export interface ProbeProtocol {
  /** Class indices of each image: one, or any number for multi-label. */
  labels: readonly (readonly number[])[];
  /** What must stay on one side of a split, per image. */
  groups: readonly string[];
  classes: number;
  task: Exclude<Task, 'unlabelled'>;
  metric: Metric;
  splits: readonly Split[];
  /** How many configurations are tried for each split, chosen within its train images. */
  configurations: number;
  seed: number;
}

/** What was found on one split. */
export interface SplitResult {
  /** The metric on the test images. */
  score: number;
  /** Labels that the test images did not show, which the score therefore leaves out. */
  skippedLabels: number;
  /** The configuration that was chosen: for the linear probe C. */
  configuration: number;
  converged: boolean;
  iterations: number;
  /** test images × outputs, row-major; outputs: 1 for binary (class 1), otherwise one per class. */
  probabilities: number[];
}

/** What was found on all splits, in their order. Plain numbers, so that it can be stored as JSON. */
export interface ProbeResult {
  scores: number[];
  skippedLabels: number;
  configurations: number[];
  /** False when any fit, inner ones included, stopped at its limit. */
  converged: boolean;
  iterations: number;
  predictions: Predictions;
  /** 0 … 1: how near the predictions are to being the same whatever the image; see result.ts. */
  sameness: number;
}

/** Out-of-fold predictions: each image once a repeat, by a model that saw nothing of its group. */
interface Predictions {
  repeats: number;
  images: number;
  /** Outputs per image: 1 for binary (class 1), otherwise one per class. */
  outputs: number;
  /** repeats × images × outputs, rounded to 5 decimals. */
  probabilities: number[];
  /** Most probable class, repeats × images; null for multi-label. */
  classes: number[] | null;
}

/** Columns of probabilities that a task has. */
export function outputsOf(task: ProbeProtocol['task'], classes: number): number {
  return task === 'binary' ? 1 : classes;
}
