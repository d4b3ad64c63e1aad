import { balancedAccuracy, mostProbable } from '../../probe/metrics.ts';
import { wilson } from '../../statistics/wilson.ts';
import { confidentJoint } from './confident-joint.ts';
import type { Property } from './property.ts';

/**
 * Share of the flags of confident learning that people did not confirm: 49 % on average over ten benchmark test sets
 * (Northcutt, Athalye & Mueller 2021, NeurIPS Datasets and Benchmarks; 51 % confirmed by its abstract, which is version 4 of
 * arXiv 2103.14749, while version 1 has 54 %).
 */
const falseAlarmShare = 0.49;

/**
 * Mean share of wrong labels in the same ten test sets, there “at least” (3.4 % in version 1): at most that much passes for
 * clean. A rule of ours.
 */
const cleanLabels = 0.033;

/**
 * A model that gives fewer labels right than this share flags its own mistakes: on 300 images of CIFAR-10, whose labels are
 * 0.5 % wrong, a probe that gives 39 % right flags 49 %. Our own default; not higher, since a tenth of wrong labels alone
 * brings a perfect model down to 0.9.
 */
const weakestModel = 0.8;

/** Below this many independent images nothing is said about a population. */
const fewestGroups = 30;

export interface LabelIssueRequest {
  /** Class indices of each image: one, or any number for multi-label. */
  labels: readonly (readonly number[])[];
  groups: readonly string[];
  classes: readonly string[];
  task: 'multiclass' | 'binary' | 'multilabel';
  /** repeats × images × outputs, from models that did not see the image's group; binary has one output (class 1). */
  predictions: { repeats: number; images: number; outputs: number; probabilities: readonly number[] };
  /** Whose features the model was trained on. */
  model: string;
}

/**
 * Share of the labels that confident learning doubts, 0 … 1, lower is cleaner, with Wilson's interval counted in groups,
 * since images of one patient share their mistakes. It is a list for a second look, not an error rate: about half of what is
 * flagged is right after all with networks trained on far more images (`falseAlarmShare`), and what the model gets wrong itself
 * is among the flags. `agreement` is the share of labels that the model gives right, the mean over classes. With several
 * labels an image each label is taken against its absence, and the share is of image–label pairs.
 * Labels pass for clean only when the whole interval lies at or below {@link cleanLabels}.
 * Refuses below 30 groups and for a model with an agreement below 0.8.
 */
export function labelIssues(request: LabelIssueRequest): Property {
  const { labels, groups, classes, task, model } = request;
  const independent = new Set(groups).size;
  const refuse = (refused: string): Property => ({ ...common, value: null, refused, details: { model } });
  const common = { property: 'label_issues', unit: 'share', n: labels.length } as const;
  if (independent < fewestGroups)
    return refuse(
      `Doubting labels needs at least ${fewestGroups} groups (images where there are none); ${independent} found. Add images.`,
    );
  const pairs = task === 'multilabel' ? classes.length : 1;
  const mean = meanOverRepeats(request.predictions);
  const agreement = agreementOf(request, mean);
  if (agreement < weakestModel)
    return refuse(
      `The probe on ${model} gives ${Math.round(100 * agreement)} % of the labels right, mean over classes; below ${100 * weakestModel} % most of what it doubts would be its own mistakes. A stronger network or more images would do.`,
    );
  const flags =
    task === 'multilabel'
      ? classes.map((_, label) =>
          flagsOf(
            labels.map((own) => Number(own.includes(label))),
            mean.filter((_p, at) => at % classes.length === label),
          ),
        )
      : task === 'binary'
        ? [
            flagsOf(
              labels.map(([own]) => own!),
              mean,
            ),
          ]
        : [
            confidentJoint(
              labels.map(([own]) => own!),
              mean,
              classes.length,
            ).flagged,
          ];
  const flagged = flags.reduce((sum, { length }) => sum + length, 0);
  const share = flagged / (labels.length * pairs);
  const { low, high } = wilson(share * independent, independent);
  return {
    ...common,
    value: share,
    low,
    high,
    details: {
      model,
      flagged,
      groups: independent,
      falseAlarmShare,
      agreement,
      clean: high <= cleanLabels,
    },
  };
}

/** Mean recall of the classes; of several labels an image the mean over labels, each against its absence. */
function agreementOf({ labels, classes, task }: LabelIssueRequest, mean: Float64Array): number {
  if (task !== 'multilabel') {
    const found = mostProbable({ probabilities: mean, classes: classes.length, task });
    return balancedAccuracy(
      labels.map(([own]) => own!),
      found,
      classes.length,
    );
  }
  const each = classes.map((_, label) =>
    balancedAccuracy(
      labels.map((own) => Number(own.includes(label))),
      labels.map((_own, image) => Number(mean[image * classes.length + label]! > 0.5)),
      2,
    ),
  );
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

/** Of two classes, from the probability of the second. */
function flagsOf(labels: readonly number[], probabilities: Float64Array): number[] {
  const both = new Float64Array(2 * labels.length);
  probabilities.forEach((p, image) => {
    both[2 * image] = 1 - p;
    both[2 * image + 1] = p;
  });
  return confidentJoint(labels, both, 2).flagged;
}

function meanOverRepeats({ repeats, images, outputs, probabilities }: LabelIssueRequest['predictions']): Float64Array {
  const mean = new Float64Array(images * outputs);
  for (let repeat = 0; repeat < repeats; repeat++)
    for (let at = 0; at < mean.length; at++) mean[at] = mean[at]! + probabilities[repeat * mean.length + at]! / repeats;
  return mean;
}
