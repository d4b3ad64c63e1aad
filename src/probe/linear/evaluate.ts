import { TransferEvidenceError } from '../../errors.ts';
import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import { scoreOf } from '../metrics.ts';
import { outputsOf, type ProbeProtocol, type ProbeResult, type SplitResult } from '../protocol.ts';
import { gatherResults } from '../result.ts';
import { groupedStratifiedFolds } from '../splits.ts';
import { type Fitted, fittingOf, picked } from './fitting.ts';
import { toProbabilities } from './softmax-regression.ts';
import { refuseNonFinite } from './standardised-gram.ts';

const innerFolds = 3;

/**
 * Of fits that only choose a strength or start the next one. Strengths are ten times apart by default: their losses differ
 * long before the sixth digit.
 */
const innerTolerance = 1e-6;

/**
 * The linear probe: logistic or softmax regression on frozen features, on every split of the protocol.
 * @param features images × columns, in the order of the protocol's labels
 * @param products what multiplies matrices; loops where none is given
 * @throws measure-refused for features that are not finite, or a metric that cannot be had
 * @throws shape-mismatch when features and labels differ in number
 */
export async function linearProbe(
  features: Matrix,
  protocol: ProbeProtocol,
  products: Products = plainProducts,
): Promise<ProbeResult> {
  checkFeatures(features, protocol);
  const results: SplitResult[] = [];
  for (const index of protocol.splits.keys()) results.push(await linearProbeSplit(features, protocol, index, products));
  return gatherResults(protocol, results);
}

/** What {@link linearProbe} asks of features before any split is run. */
export function checkFeatures(features: Matrix, { labels }: ProbeProtocol): void {
  if (features.rows !== labels.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Features need one row an image: ${features.rows} rows, ${labels.length} images.`,
    );
  refuseNonFinite(features);
}

/**
 * One split. Features are standardised by its train images; C is chosen among them by grouped, stratified 3-fold
 * cross-validation on mean log-loss (a proper score: it still tells strengths apart where accuracy, on a few images,
 * ties), the smaller C winning ties; the model is then fitted to all of them. The inner folds share the outer train
 * fold's standardisation, which uses no label and no test image.
 */
export async function linearProbeSplit(
  features: Matrix,
  protocol: ProbeProtocol,
  index: number,
  products: Products = plainProducts,
): Promise<SplitResult> {
  const { labels, classes, task, metric } = protocol;
  const { train, test } = protocol.splits[index]!;
  const outputs = outputsOf(task, classes);
  const link = task === 'multiclass' ? 'softmax' : 'sigmoid';
  const fitting = await fittingOf(features, train, test, products);
  const targets = targetsOf(
    train.map((image) => labels[image]!),
    outputs,
  );
  const problemOf = (images: readonly number[]) =>
    ({ targets: columnsOf(targets, outputs, images), outputs, link }) as const;
  const costs = costGrid(protocol.configurations);
  const fits: Fitted[] = [];
  let chosen = 0;
  if (costs.length > 1) {
    const losses = new Float64Array(costs.length);
    for (const inner of innerSplits(protocol, index)) {
      const heldTargets = columnsOf(targets, outputs, inner.test);
      const path = await fitting.path(inner.train, problemOf(inner.train), costs, { tolerance: innerTolerance });
      for (const [c, model] of path.entries())
        losses[c] = losses[c]! + toProbabilities(await model.ofTrain(inner.test), outputs, link, heldTargets);
      fits.push(...path);
    }
    chosen = losses.indexOf(Math.min(...losses));
  }
  const all = [...train.keys()];
  const path = await fitting.path(all, problemOf(all), costs.slice(0, chosen + 1), { onTheWay: innerTolerance });
  fits.push(...path);
  const scores = await path.at(-1)!.ofTest();
  toProbabilities(scores, outputs, link);
  const probabilities: number[] = [];
  for (let i = 0; i < test.length; i++)
    for (let k = 0; k < outputs; k++) probabilities.push(scores[k * test.length + i]!);
  const predicted = { labels: test.map((image) => labels[image]!), probabilities, classes, task };
  return {
    ...scoreOf(metric, predicted),
    configuration: costs[chosen]!,
    converged: fits.every((fit) => fit.converged),
    iterations: fits.reduce((sum, fit) => sum + fit.iterations, 0),
    probabilities,
  };
}

/** C from 0.001 to 10, evenly in its logarithm; a single one is 0.1, the middle. */
export function costGrid(configurations: number): number[] {
  if (configurations === 1) return [0.1];
  return Array.from({ length: configurations }, (_, i) => 10 ** (-3 + (4 * i) / (configurations - 1)));
}

function innerSplits({ labels, groups, classes, task, seed, splits }: ProbeProtocol, index: number) {
  const { train } = splits[index]!;
  return groupedStratifiedFolds({
    labels: train.map((image) => labels[image]!),
    groups: train.map((image) => groups[image]!),
    classes,
    folds: innerFolds,
    repeats: 1,
    seed: seed + index,
    multilabel: task === 'multilabel',
    groupsInTrain: 1,
  });
}

/** 0 or 1, outputs × images. */
function targetsOf(labels: readonly (readonly number[])[], outputs: number): Float64Array {
  const targets = new Float64Array(outputs * labels.length);
  labels.forEach((own, i) => {
    for (const label of own) {
      if (outputs > 1) targets[label * labels.length + i] = 1;
      else targets[i] = label;
    }
  });
  return targets;
}

function columnsOf(values: Float64Array, outputs: number, columns: readonly number[]): Float64Array {
  return picked(
    values,
    values.length / outputs,
    Array.from({ length: outputs }, (_, k) => k),
    columns,
  );
}
