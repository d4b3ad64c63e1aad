import { TransferEvidenceError } from '../../errors.ts';
import { type Predicted, scoreOf } from '../metrics.ts';
import { outputsOf, type ProbeProtocol } from '../protocol.ts';
import { leaveOut } from './leave-out.ts';
import type { SeedSplit } from './splits.ts';

/** What every subject is put through alike. */
export type FineTuneProtocol = Pick<ProbeProtocol, 'labels' | 'groups' | 'classes' | 'task' | 'metric'> & {
  splits: readonly SeedSplit[];
};

/** A metric over seeds, and over again without each group of test images. All 0 … 1, higher is better. */
export interface SeedScores {
  /** One a seed, on its own test images. */
  bySeed: Float64Array;
  /**
   * The mean over seeds without one group, one a group, in the order in which groups are first tested. A seed that
   * cannot be scored without the group, because it alone shows one side of every label, is left out of that mean.
   */
  without: Float64Array;
}

/**
 * @param predictions one row-major array a seed: its test images × outputs
 * @throws shape-mismatch when these are not one a seed, or not one row a test image
 * @throws measure-refused as {@link scoreOf} does
 */
export function seedScores(protocol: FineTuneProtocol, predictions: readonly ArrayLike<number>[]): SeedScores {
  const { groups, metric, splits } = protocol;
  const parts = predictedBySeed(protocol, predictions);
  const bySeed = Float64Array.from(parts, (predicted) => scoreOf(metric, predicted).score);
  const total = bySeed.reduce((sum, score) => sum + score, 0);
  const sums = new Map<string, { total: number; seeds: number }>();
  splits.forEach(({ test }, seed) => {
    const score = leaveOut(metric, parts[seed]!);
    for (const [name, positions] of positionsByGroup(test, groups)) {
      const before = sums.get(name) ?? { total, seeds: splits.length };
      const found = score(positions);
      sums.set(name, {
        total: before.total - bySeed[seed]! + (found ?? 0),
        seeds: before.seeds - Number(found === undefined),
      });
    }
  });
  return { bySeed, without: Float64Array.from(sums.values(), (sum) => sum.total / sum.seeds) };
}

function predictedBySeed(protocol: FineTuneProtocol, predictions: readonly ArrayLike<number>[]): Predicted[] {
  const { labels, classes, task, splits } = protocol;
  const outputs = outputsOf(task, classes);
  if (predictions.length !== splits.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Fine-tuning is scored on one run a seed: ${splits.length} seeds, ${predictions.length} runs were given.`,
    );
  return splits.map(({ test, seedIndex }, seed) => {
    const probabilities = predictions[seed]!;
    if (probabilities.length !== test.length * outputs)
      throw new TransferEvidenceError(
        'shape-mismatch',
        `Seed ${seedIndex} tests ${test.length} images with ${outputs} probabilities each; ${probabilities.length} probabilities were given.`,
      );
    return { labels: test.map((image) => labels[image]!), probabilities, classes, task };
  });
}

function positionsByGroup(test: readonly number[], groups: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  test.forEach((image, position) => {
    const name = groups[image]!;
    const own = found.get(name);
    if (own) own.push(position);
    else found.set(name, [position]);
  });
  return found;
}
