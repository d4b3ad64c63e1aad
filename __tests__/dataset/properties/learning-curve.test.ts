import { describe, expect, it } from 'vitest';
import { learningCurve } from '../../../src/dataset/properties/learning-curve.ts';
import { withFewerImages } from '../../../src/probe/fewer-images.ts';
import { groupedStratifiedFolds } from '../../../src/probe/splits.ts';

const n = 240;
const classes = 3;
const labels = Array.from({ length: n }, (_, at) => [at % classes]);
const groups = Array.from({ length: n }, (_, at) => `p${Math.floor(at / 6)}-${at % classes}`);
const splits = groupedStratifiedFolds({ labels, groups, classes, folds: 5, repeats: 2, seed: 3, multilabel: false });
const protocol = { labels, groups, classes, splits, seed: 3 };

describe('training sets of fewer images', () => {
  const [quarter, half] = [withFewerImages(protocol, 0.25), withFewerImages(protocol, 0.5)];

  it('keep the test images and lie within each other', () => {
    splits.forEach((split, at) => {
      expect(half[at]!.test).toEqual(split.test);
      const within = (inner: readonly number[], outer: readonly number[]) =>
        inner.every((image) => outer.includes(image));
      expect(within(quarter[at]!.train, half[at]!.train)).toBe(true);
      expect(within(half[at]!.train, split.train)).toBe(true);
    });
  });

  it('have the share of every class that was asked for, in whole groups', () => {
    splits.forEach(({ train }, at) => {
      const kept = new Set(half[at]!.train);
      for (let label = 0; label < classes; label++) {
        const count = (images: readonly number[]) => images.filter((image) => labels[image]![0] === label).length;
        expect(Math.abs(count(half[at]!.train) / count(train) - 0.5)).toBeLessThan(0.05);
      }
      for (const image of train)
        if (kept.has(image)) {
          const mates = train.filter((other) => groups[other] === groups[image]);
          expect(mates.every((other) => kept.has(other))).toBe(true);
        }
    });
  });

  it('keep two groups of a rare class', () => {
    const rare = labels.map((own, at) => (own[0] === 2 && at > 60 ? [0] : own));
    const few = groupedStratifiedFolds({
      labels: rare,
      groups,
      classes,
      folds: 5,
      repeats: 1,
      seed: 3,
      multilabel: false,
    });
    for (const { train } of withFewerImages({ ...protocol, labels: rare, splits: few }, 0.05)) {
      const kept = new Set(train.filter((image) => rare[image]![0] === 2).map((image) => groups[image]));
      expect(kept.size).toBeGreaterThanOrEqual(2);
    }
  });
});

describe('the gain of the last doubling', () => {
  const curve = (half: number[], whole: number[]) =>
    learningCurve({
      protocol,
      scores: [whole.map(() => 0.5), half, whole],
      trainImages: [48, 96, 192],
      model: 'imagenet',
    });
  const level = (value: number, spread: number) => splits.map((_, at) => value + (at % 2 ? spread : -spread));

  it('is not enough when the whole interval lies above the margin', () => {
    const found = curve(level(0.6, 0), level(0.72, 0.005));
    expect(found.value).toBeCloseTo(0.12, 12);
    expect(found.details).toMatchObject({ answer: 'not enough', margin: 0.02, halfImages: 96, allImages: 192 });
    expect(found.details.allScore).toBeCloseTo(0.72, 12);
  });

  it('is undecided when few groups leave it open, even where scores agree to the last digit', () => {
    const found = curve(level(0.7, 0), level(0.7, 0));
    expect(found.value).toBe(0);
    // Rule of three: 120 groups cannot show a difference below 3 ÷ 120.
    expect(found.high).toBeCloseTo(3 / 120, 9);
    expect(found.details.answer).toBe('undecided');
  });

  it('is enough when even the upper end is below the margin', () => {
    const many = Array.from({ length: 600 }, (_, at) => [at % classes]);
    const own = many.map((_, at) => String(at));
    const large = groupedStratifiedFolds({
      labels: many,
      groups: own,
      classes,
      folds: 5,
      repeats: 2,
      seed: 3,
      multilabel: false,
    });
    const scores = large.map(() => 0.8);
    const found = learningCurve({
      protocol: { labels: many, groups: own, classes, splits: large },
      scores: [scores, scores, scores],
      trainImages: [120, 240, 480],
      model: 'm',
    });
    expect(found.high).toBeLessThan(0.02);
    expect(found.details.answer).toBe('enough');
  });
});
