import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../src/evidence/schema.ts';
import { leaveOut } from '../../../src/probe/finetune/leave-out.ts';
import { type Predicted, scoreOf } from '../../../src/probe/metrics.ts';
import { outputsOf } from '../../../src/probe/protocol.ts';
import { seededRandom } from '../../../src/random.ts';

const tasks: [Predicted['task'], Metric][] = [
  ['binary', 'auc'],
  ['binary', 'macro_auc'],
  ['binary', 'balanced_accuracy'],
  ['multiclass', 'accuracy'],
  ['multiclass', 'balanced_accuracy'],
  ['multiclass', 'macro_auc'],
  ['multilabel', 'macro_auc'],
];

/** Probabilities in steps of 0.1, so that many are tied. */
function drawn(task: Predicted['task'], images: number, seed: number): Predicted {
  const random = seededRandom(seed, 'leave out');
  const classes = task === 'binary' ? 2 : 3;
  const labels = Array.from({ length: images }, () =>
    task === 'multilabel' ? [0, 1, 2].filter(() => random.next() < 0.4) : [random.integer(classes)],
  );
  const length = images * outputsOf(task, classes);
  return { labels, probabilities: Array.from({ length }, () => random.integer(11) / 10), classes, task };
}

function rest({ labels, probabilities, classes, task }: Predicted, without: readonly number[]): Predicted {
  const kept = labels.map((_, i) => i).filter((i) => !without.includes(i));
  const outputs = outputsOf(task, classes);
  return {
    labels: kept.map((i) => labels[i]!),
    probabilities: kept.flatMap((i) => Array.from({ length: outputs }, (_, k) => probabilities[i * outputs + k]!)),
    classes,
    task,
  };
}

function scored(metric: Metric, predicted: Predicted): number | undefined {
  if (predicted.labels.length === 0) return undefined;
  try {
    return scoreOf(metric, predicted).score;
  } catch {
    return undefined;
  }
}

describe('a score without some images', () => {
  it.each(tasks)('is that of the rest: %s, %s', (task, metric) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 14 }), fc.nat(10_000), fc.infiniteStream(fc.boolean()), (n, seed, coin) => {
        const predicted = drawn(task, n, seed);
        const score = leaveOut(metric, predicted);
        // Twice, as leaving out must not wear off or add up.
        for (let again = 0; again < 2; again++) {
          const without = predicted.labels.map((_, i) => i).filter(() => coin.next().value);
          const expected = scored(metric, rest(predicted, without));
          if (expected === undefined) expect(score(without)).toBeUndefined();
          else expect(score(without)).toBeCloseTo(expected, 12);
        }
      }),
      { numRuns: 200 },
    );
  });
});
