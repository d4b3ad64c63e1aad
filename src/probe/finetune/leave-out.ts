import type { Metric } from '../../evidence/schema.ts';
import { mostProbable, type Predicted } from '../metrics.ts';
import { outputsOf } from '../protocol.ts';

/** The score without some images, by their positions among the predicted; undefined when nothing is left to score. */
export type LeaveOut = (images: readonly number[]) => number | undefined;

/**
 * A metric's score without any few images, from counts made once: what scoreOf gives for the rest, in time that does not
 * grow with it. As there, what the rest does not show (a class, one side of a label) is left out of the mean.
 */
export function leaveOut(metric: Metric, predicted: Predicted): LeaveOut {
  switch (metric) {
    case 'accuracy':
    case 'balanced_accuracy':
      return recallsWithout(metric, predicted);
    case 'auc':
    case 'macro_auc': {
      const { labels, probabilities, classes, task } = predicted;
      const outputs = outputsOf(task, classes);
      const wanted = task === 'binary' ? [1] : Array.from({ length: classes }, (_, label) => label);
      const parts = wanted.map((label) =>
        aucWithout(
          labels.map((own) => own.includes(label)),
          labels.map((_, i) => probabilities[i * outputs + (outputs === 1 ? 0 : label)]!),
        ),
      );
      return (images) => meanOf(parts.map((part) => part(images)));
    }
  }
}

function recallsWithout(metric: 'accuracy' | 'balanced_accuracy', predicted: Predicted): LeaveOut {
  const truth = predicted.labels.map((own) => own[0]!);
  const right = mostProbable(predicted).map((found, i) => Number(found === truth[i]));
  const classOf = metric === 'accuracy' ? truth.map(() => 0) : truth;
  const all = new Float64Array(predicted.classes);
  const hits = new Float64Array(predicted.classes);
  const count = (sign: number, image: number) => {
    const label = classOf[image]!;
    all[label] = all[label]! + sign;
    hits[label] = hits[label]! + sign * right[image]!;
  };
  truth.forEach((_, image) => {
    count(1, image);
  });
  return (images) => {
    for (const image of images) count(-1, image);
    const score = meanOf(Array.from(all, (n, label) => (n === 0 ? undefined : hits[label]! / n)));
    for (const image of images) count(1, image);
    return score;
  };
}

/**
 * AUC = U ÷ (positives · negatives), with U the sum over all pairs of 1 for right, ½ for tied. An image takes its
 * placement, its own pairs' share of U, with it (DeLong, DeLong & Clarke-Pearson 1988); a pair that is left out as a
 * whole would so be taken twice.
 */
function aucWithout(positive: readonly boolean[], scores: readonly number[]): LeaveOut {
  const placement = placements(positive, scores);
  const positives = positive.filter(Boolean).length;
  const u = placement.reduce((sum, own, i) => (positive[i] ? sum + own : sum), 0);
  return (images) => {
    const own = images.filter((i) => positive[i]);
    const others = images.filter((i) => !positive[i]);
    const pairs = (positives - own.length) * (positive.length - positives - others.length);
    if (pairs === 0) return undefined;
    let rest = u;
    for (const i of images) rest -= placement[i]!;
    for (const i of own)
      for (const j of others) rest += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    return rest / pairs;
  };
}

/** Of each positive: negatives below it; of each negative: positives above it; ties count half. */
function placements(positive: readonly boolean[], scores: readonly number[]): Float64Array {
  const order = positive.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const positives = positive.filter(Boolean).length;
  const found = new Float64Array(positive.length);
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let to = from;
    let tiedPositives = 0;
    for (; to < order.length && scores[order[to]!] === scores[order[from]!]; to++)
      tiedPositives += Number(positive[order[to]!]);
    const tiedNegatives = to - from - tiedPositives;
    for (const i of order.slice(from, to))
      found[i] = positive[i]
        ? negativesBelow + tiedNegatives / 2
        : positives - positivesBelow - tiedPositives + tiedPositives / 2;
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
    from = to;
  }
  return found;
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const defined = values.filter((value) => value !== undefined);
  return defined.length === 0 ? undefined : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}
