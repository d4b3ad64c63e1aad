import { describe, expect, it } from 'vitest';
import { chooseRun, collapseOf, type MeasuredRun, recordRun } from '../../../src/probe/finetune/outcome.ts';

const measured: MeasuredRun = {
  seedIndex: 0,
  learningRate: 0.01,
  steps: 40,
  validation: 0.8,
  validationLoss: 0.5,
  firstLoss: 0.7,
  lastLoss: 0.2,
  predictions: [0.123456, 0.9],
};
const binary = { classes: 2, task: 'binary' } as const;
const run = (changes: Partial<MeasuredRun>) => recordRun({ ...measured, ...changes }, binary);

describe('a recorded run', () => {
  it('keeps what was measured, with predictions to 5 decimals', () => {
    expect(run({})).toEqual({ ...measured, finite: true, predictions: [0.12346, 0.9] });
  });

  it('knows nothing once a loss or a prediction is not finite, and can be stored as JSON', () => {
    const diverged = run({ lastLoss: Number.NaN });
    expect(diverged).toMatchObject({ finite: false, lastLoss: null, firstLoss: 0.7, predictions: [0.5, 0.5] });
    expect(JSON.parse(JSON.stringify(diverged))).toEqual(diverged);
    expect(run({ predictions: [0.1, Number.POSITIVE_INFINITY] })).toMatchObject({
      finite: false,
      predictions: [0.5, 0.5],
    });
    const ofFour = { classes: 4, task: 'multiclass' } as const;
    expect(recordRun({ ...measured, validationLoss: Number.NaN }, ofFour).predictions).toEqual([0.25, 0.25]);
  });
});

describe('the choice of a configuration', () => {
  it('goes by the validation score', () => {
    const runs = [run({ validation: 0.7, validationLoss: 0.1 }), run({ validation: 0.9 }), run({ validation: 0.8 })];
    expect(chooseRun(runs)).toBe(runs[1]);
  });

  it('then by the lower validation loss, then by the smaller learning rate, in whatever order they were run', () => {
    const slow = run({ learningRate: 0.001 });
    const fast = run({ learningRate: 0.1 });
    const lossy = run({ learningRate: 0.0001, validationLoss: 0.6 });
    for (const runs of [
      [slow, fast, lossy],
      [lossy, fast, slow],
    ])
      expect(chooseRun(runs)).toBe(slow);
  });

  it('takes a run that diverged only where all did', () => {
    const diverged = run({ lastLoss: Number.NaN, validation: 0.99 });
    const poor = run({ validation: 0.2 });
    expect(chooseRun([diverged, poor])).toBe(poor);
    expect(chooseRun([diverged])).toBe(diverged);
  });

  it('refuses to choose among none', () => {
    expect(() => chooseRun([])).toThrowError(expect.objectContaining({ code: 'measure-refused' }));
  });
});

describe('a collapsed run', () => {
  const labels = Array.from({ length: 40 }, (_, image) => [image % 2]);
  const accuracies = { labels, ...binary, metric: 'balanced_accuracy' } as const;
  const ranks = { ...accuracies, metric: 'auc' } as const;
  const truthful = labels.map(([label]) => 0.1 + 0.8 * label!);

  it('is none that tells the classes apart', () => {
    for (const protocol of [accuracies, ranks]) expect(collapseOf(run({ predictions: truthful }), protocol)).toBeNull();
  });

  it('diverged when a loss was not finite', () => {
    expect(collapseOf(run({ predictions: truthful, lastLoss: Number.NaN }), accuracies)).toBe('diverged');
  });

  it('predicts one class for nearly every image', () => {
    const one = labels.map((_, image) => 0.6 + image / 1000);
    expect(collapseOf(run({ predictions: one }), accuracies)).toBe('one class');
    // The same order as the classes would still be a ranking.
    expect(collapseOf(run({ predictions: truthful.map((p) => 0.6 + p / 10) }), ranks)).toBeNull();
    expect(collapseOf(run({ predictions: labels.map(() => 0.3) }), ranks)).toBe('one class');
    const four = labels.map((_, image) => (image < 4 ? 0.1 : 0.6));
    expect(collapseOf(run({ predictions: four }), accuracies)).toBeNull();
  });

  it('is not a sure network that is right about a common class', () => {
    const rare = Array.from({ length: 100 }, (_, image) => [Number(image < 4)]);
    const predictions = rare.map(([label], image) => (label ? 0.9 + image / 100 : 0));
    expect(collapseOf(run({ predictions }), { ...ranks, labels: rare })).toBeNull();
    expect(collapseOf(run({ predictions: rare.map(() => 0) }), { ...ranks, labels: rare })).toBe('one class');
  });

  it('is worse than guessing on validation and test images alike', () => {
    // Of each class 12 of 20 are wrong.
    const wrong = truthful.map((p, image) => (image < 24 ? 1 - p : p));
    expect(collapseOf(run({ predictions: wrong, validation: 0.4 }), accuracies)).toBe('below chance');
    expect(collapseOf(run({ predictions: wrong, validation: 0.4 }), ranks)).toBe('below chance');
    expect(collapseOf(run({ predictions: wrong, validation: 0.6 }), ranks)).toBeNull();
    expect(collapseOf(run({ predictions: truthful, validation: 0.4 }), ranks)).toBeNull();
  });

  it('takes the share of the commonest class for the chance of an accuracy', () => {
    const uneven = Array.from({ length: 40 }, (_, image) => [Number(image < 10)]);
    // 26 of 40 right, 65 %: more than half, less than always saying the common class.
    const predictions = uneven.map(([label], image) =>
      label ? 0.2 + 0.6 * Number(image < 6) : 0.2 + 0.6 * Number(image < 20),
    );
    const protocol = { ...binary, labels: uneven, metric: 'accuracy' } as const;
    expect(collapseOf(run({ predictions, validation: 0.7 }), protocol)).toBe('below chance');
    expect(collapseOf(run({ predictions, validation: 0.76 }), protocol)).toBeNull();
  });

  it('is found among several labels an image', () => {
    const several = Array.from({ length: 40 }, (_, image) => [[0], [1], [0, 1], []][image % 4]!);
    const protocol = { labels: several, classes: 2, task: 'multilabel', metric: 'macro_auc' } as const;
    const found = (predictions: number[]) => collapseOf(recordRun({ ...measured, predictions }, protocol), protocol);
    expect(found(several.flatMap(() => [0.3, 0.4]))).toBe('one class');
    expect(found(several.flatMap((own) => [0, 1].map((label) => (own.includes(label) ? 0.6 : 0.3))))).toBeNull();
  });
});
