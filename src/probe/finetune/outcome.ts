import { TransferEvidenceError } from '../../errors.ts';
import { chanceLevel, collapsed } from '../chance.ts';
import { mostProbable, scoreOf } from '../metrics.ts';
import type { ProbeProtocol } from '../protocol.ts';
import { sameness } from '../result.ts';

/** What one training run is measured as: one subject, one seed, one configuration. */
export interface MeasuredRun {
  seedIndex: number;
  learningRate: number;
  steps: number;
  /** The metric on the validation images, 0 … 1, higher is better. */
  validation: number;
  /** Mean cross-entropy on the validation images, in nats. */
  validationLoss: number;
  /** Mean cross-entropy of the first and the last training batch, in nats. */
  firstLoss: number;
  lastLoss: number;
  /** Test images × outputs, row-major; outputs: 1 for binary (class 1), otherwise one per class. */
  predictions: ArrayLike<number>;
}

/** A measured run as plain numbers, so that it can be stored as JSON; null is a number that was not finite. */
export interface FineTuneRun
  extends Omit<MeasuredRun, 'validation' | 'validationLoss' | 'firstLoss' | 'lastLoss' | 'predictions'> {
  validation: number | null;
  validationLoss: number | null;
  firstLoss: number | null;
  lastLoss: number | null;
  /** Whether every loss and every prediction was. */
  finite: boolean;
  /** Rounded to 5 decimals. Of a run that is not finite, what one says who knows nothing: ½, or 1 ÷ classes. */
  predictions: number[];
}

/** Why a run is no measure of its subject. */
export type Collapse = 'diverged' | 'one class' | 'below chance';

/** A run as it is stored and compared. A run that broke down stays in the comparison, with the score of guessing. */
export function recordRun(
  { predictions, ...measured }: MeasuredRun,
  { classes, task }: Pick<ProbeProtocol, 'classes' | 'task'>,
): FineTuneRun {
  const { validation, validationLoss, firstLoss, lastLoss } = measured;
  const found = Array.from(predictions);
  const finite = [validation, validationLoss, firstLoss, lastLoss, ...found].every(Number.isFinite);
  const ignorance = task === 'multiclass' ? 1 / classes : 0.5;
  return {
    ...measured,
    validation: finiteOrNull(validation),
    validationLoss: finiteOrNull(validationLoss),
    firstLoss: finiteOrNull(firstLoss),
    lastLoss: finiteOrNull(lastLoss),
    finite,
    predictions: found.map((probability) => Math.round((finite ? probability : ignorance) * 1e5) / 1e5),
  };
}

/**
 * The configuration of one seed that validation images favour: the highest score; among equals the lower loss, then the
 * smaller learning rate. A run that is not finite loses to every other. Test images have no say.
 * @param runs of one subject and one seed, one a configuration
 * @throws measure-refused for no runs
 */
export function chooseRun(runs: readonly FineTuneRun[]): FineTuneRun {
  const [first] = [...runs].sort(
    (a, b) =>
      Number(b.finite) - Number(a.finite) ||
      (b.validation ?? 0) - (a.validation ?? 0) ||
      (a.validationLoss ?? 0) - (b.validationLoss ?? 0) ||
      a.learningRate - b.learningRate,
  );
  if (!first)
    throw new TransferEvidenceError(
      'measure-refused',
      'A configuration is chosen among runs that were trained; none were given.',
    );
  return first;
}

/**
 * What is wrong with a seed's chosen run, null for nothing.
 * `diverged`: a loss or a prediction is not finite. `one class`: nearly all images (95 %) are predicted alike; for AUCs
 * also only where that leaves the score within 0.05 of guessing, as a sure network gives all images of a common class
 * one probability and is right. `below chance`: worse than guessing on the validation and on the test images, as on one
 * of two small parts alone bad luck is enough.
 * @param protocol labels: of the test images, in the order of the predictions
 * @throws measure-refused as {@link scoreOf} does
 */
export function collapseOf(
  run: Pick<FineTuneRun, 'finite' | 'validation' | 'predictions'>,
  protocol: Pick<ProbeProtocol, 'labels' | 'classes' | 'task' | 'metric'>,
): Collapse | null {
  if (!run.finite) return 'diverged';
  const { labels, classes, task, metric } = protocol;
  const predicted = { labels, probabilities: run.predictions, classes, task };
  const { score } = scoreOf(metric, predicted);
  const chance = chanceLevel(metric, classes, commonestShare(labels));
  const found = task === 'multilabel' ? null : mostProbable(predicted);
  const ranks = metric === 'auc' || metric === 'macro_auc';
  if (collapsed({ sameness: sameness(protocol, [run.predictions], found) }) && !(ranks && score >= chance + 0.05))
    return 'one class';
  return Math.max(score, run.validation ?? 0) < chance ? 'below chance' : null;
}

function commonestShare(labels: readonly (readonly number[])[]): number {
  const counts = new Map<number, number>();
  for (const [label] of labels) if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(0, ...counts.values()) / labels.length;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
