import { mostProbable } from './metrics.ts';
import { outputsOf, type ProbeProtocol, type ProbeResult, type SplitResult } from './protocol.ts';

/** Puts the splits' results, in the order of the protocol's splits, into one. */
export function gatherResults(protocol: ProbeProtocol, results: readonly SplitResult[]): ProbeResult {
  const { labels, classes, task, splits } = protocol;
  const outputs = outputsOf(task, classes);
  const images = labels.length;
  const repeats = Math.max(...splits.map(({ repeat }) => repeat)) + 1;
  const probabilities = new Array<number>(repeats * images * outputs).fill(0);
  const predicted = task === 'multilabel' ? null : new Array<number>(repeats * images).fill(0);
  splits.forEach(({ repeat, test }, index) => {
    const own = results[index]!.probabilities;
    const found = predicted && mostProbable({ probabilities: own, classes, task });
    test.forEach((image, i) => {
      const at = repeat * images + image;
      for (let k = 0; k < outputs; k++) probabilities[at * outputs + k] = Math.round(own[i * outputs + k]! * 1e5) / 1e5;
      if (found) predicted[at] = found[i]!;
    });
  });
  return {
    scores: results.map(({ score }) => score),
    skippedLabels: results.reduce((sum, { skippedLabels }) => sum + skippedLabels, 0),
    configurations: results.map(({ configuration }) => configuration),
    converged: results.every(({ converged }) => converged),
    iterations: results.reduce((sum, { iterations }) => sum + iterations, 0),
    predictions: { repeats, images, outputs, probabilities, classes: predicted },
    sameness: sameness(
      protocol,
      results.map((result) => result.probabilities),
      predicted,
    ),
  };
}

/**
 * How near predictions are to being the same whatever the image. For accuracies: the share of the images of all other
 * classes that were given the class predicted most often. For AUCs, which need no class to be named: the share of a
 * fold's images that have the fold's commonest probabilities, averaged over folds.
 * @param folds of each fold: test images × outputs, row-major
 * @param predicted the class given to each image, repeat by repeat; null for multi-label
 * @returns 0 … 1; NaN when accuracies have no image of another class to go by
 */
export function sameness(
  { labels, classes, metric, task }: Pick<ProbeProtocol, 'labels' | 'classes' | 'metric' | 'task'>,
  folds: readonly (readonly number[])[],
  predicted: readonly number[] | null,
): number {
  if (predicted && (metric === 'accuracy' || metric === 'balanced_accuracy')) {
    const counts = new Float64Array(classes);
    for (const found of predicted) counts[found] = counts[found]! + 1;
    const commonest = counts.indexOf(Math.max(...counts));
    const others = predicted.filter((_, at) => labels[at % labels.length]![0] !== commonest);
    return others.filter((found) => found === commonest).length / others.length;
  }
  const outputs = outputsOf(task, classes);
  const shares = folds.map((probabilities) => commonestShare(probabilities, outputs));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function commonestShare(probabilities: readonly number[], outputs: number): number {
  const counts = new Map<string, number>();
  for (let i = 0; i < probabilities.length; i += outputs) {
    const key = probabilities
      .slice(i, i + outputs)
      .map((p) => p.toFixed(6))
      .join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return (Math.max(...counts.values()) * outputs) / probabilities.length;
}
