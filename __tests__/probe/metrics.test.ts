import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accuracy, auc, balancedAccuracy, mostProbable, scoreOf } from '../../src/probe/metrics.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });

describe('accuracies', () => {
  it('weigh images, or classes, alike', () => {
    const truth = [0, 0, 0, 0, 1, 1];
    const found = [0, 0, 0, 1, 0, 1];
    expect(accuracy(truth, found)).toBeCloseTo(4 / 6, 12);
    expect(balancedAccuracy(truth, found, 2)).toBeCloseTo((3 / 4 + 1 / 2) / 2, 12);
  });

  it('leave out a class that no image has', () => {
    expect(balancedAccuracy([0, 0, 2, 2], [0, 1, 2, 2], 3)).toBeCloseTo(0.75, 12);
  });

  it('of one answer for all are chance', () => {
    expect(balancedAccuracy([0, 0, 0, 1, 2], [0, 0, 0, 0, 0], 3)).toBeCloseTo(1 / 3, 12);
  });
});

describe('AUC', () => {
  it('counts pairs in the right order, and ties half', () => {
    expect(auc([false, true, false, true], [0.1, 0.4, 0.35, 0.8])).toBe(1);
    expect(auc([false, false, true, true], [0.1, 0.4, 0.35, 0.8])).toBe(0.75);
    expect(auc([true, false, true, false], [0.5, 0.5, 0.5, 0.5])).toBe(0.5);
    expect(auc([true, false, false], [0.5, 0.5, 0.1])).toBe(0.75);
  });

  it('is the share of pairs for any scores', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { minLength: 2, maxLength: 30 }), (items) => {
        const positive = items.map(([own]) => own);
        let pairs = 0;
        let sum = 0;
        for (const [a, x] of items)
          for (const [b, y] of items) {
            if (!a || b) continue;
            pairs++;
            sum += x > y ? 1 : x === y ? 0.5 : 0;
          }
        const found = auc(
          positive,
          items.map(([, score]) => score),
        );
        if (pairs === 0) expect(found).toBeUndefined();
        else expect(found).toBeCloseTo(sum / pairs, 12);
      }),
    );
  });
});

describe('the score of predictions', () => {
  const binary = {
    labels: [[0], [0], [1], [1]],
    probabilities: [0.1, 0.4, 0.35, 0.8],
    classes: 2,
    task: 'binary' as const,
  };

  it('of a binary task reads one probability, of class 1', () => {
    expect(mostProbable(binary)).toEqual([0, 0, 0, 1]);
    expect(scoreOf('accuracy', binary)).toEqual({ score: 0.75, skippedLabels: 0 });
    expect(scoreOf('balanced_accuracy', binary)).toEqual({ score: 0.75, skippedLabels: 0 });
    expect(scoreOf('auc', binary)).toEqual({ score: 0.75, skippedLabels: 0 });
    expect(scoreOf('macro_auc', binary)).toEqual({ score: 0.75, skippedLabels: 0 });
  });

  it('leaves out labels that all or no images have, and counts them', () => {
    const probabilities = [0.9, 0.2, 0.5, 0.1, 0.8, 0.5, 0.4, 0.3, 0.5];
    const labels = [[0, 1], [1], [1]];
    expect(scoreOf('macro_auc', { labels, probabilities, classes: 3, task: 'multilabel' })).toEqual({
      score: 1,
      skippedLabels: 2,
    });
  });

  it('of several classes is each against the rest', () => {
    const probabilities = [0.6, 0.3, 0.1, 0.5, 0.4, 0.1, 0.1, 0.2, 0.7];
    const { score } = scoreOf('macro_auc', { labels: [[0], [1], [2]], probabilities, classes: 3, task: 'multiclass' });
    expect(score).toBe(1);
  });

  it('is refused where no label can be scored, never not-a-number', () => {
    const labels = [[1], [1]];
    expect(() => scoreOf('auc', { ...binary, labels, probabilities: [0.1, 0.2] })).toThrowError(refused);
    expect(() =>
      scoreOf('macro_auc', { labels: [[], []], probabilities: [0.1, 0.2, 0.3, 0.4], classes: 2, task: 'multilabel' }),
    ).toThrowError(refused);
  });

  it('is refused for a metric that the task does not have', () => {
    const three = { labels: [[0], [1], [2]], probabilities: new Float64Array(9), classes: 3 };
    expect(() => scoreOf('auc', { ...three, task: 'multiclass' })).toThrowError(refused);
    expect(() => scoreOf('balanced_accuracy', { ...three, task: 'multilabel' })).toThrowError(refused);
    expect(() => scoreOf('accuracy', { ...three, task: 'multilabel' })).toThrowError(refused);
  });
});
