import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FoldRequest, groupedStratifiedFolds } from '../../src/probe/splits.ts';
import { seededRandom } from '../../src/random.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });

/** Groups of one to four images; a group keeps to one class or mixes them. */
const request = fc
  .record({
    groups: fc.integer({ min: 30, max: 60 }),
    classes: fc.integer({ min: 2, max: 4 }),
    mixed: fc.boolean(),
    multilabel: fc.boolean(),
    repeats: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(1000),
  })
  .map(({ groups, classes, mixed, multilabel, repeats, seed }): FoldRequest => {
    const random = seededRandom(seed, 'split test');
    const labels: number[][] = [];
    const names: string[] = [];
    for (let g = 0; g < groups; g++)
      for (let i = random.integer(4); i >= 0; i--) {
        const own = mixed ? random.integer(classes) : g % classes;
        labels.push(
          multilabel
            ? Array.from({ length: classes }, (_, c) => c).filter((c) => c === own || random.next() < 0.1)
            : [own],
        );
        names.push(`patient ${g}`);
      }
    if (multilabel) labels[0] = [];
    return { labels, groups: names, classes, folds: 5, repeats, seed, multilabel };
  });

describe('grouped stratified folds', () => {
  it('never put a group on both sides', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const { train, test } of groupedStratifiedFolds(asked)) {
          const held = new Set(test.map((image) => asked.groups[image]));
          expect(train.some((image) => held.has(asked.groups[image]))).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('test every image once a repeat, and train on all the others', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const splits = groupedStratifiedFolds(asked);
        const all = asked.labels.map((_, image) => image);
        expect(splits.map(({ repeat, fold }) => repeat * 5 + fold)).toEqual(splits.map((_, i) => i));
        for (let repeat = 0; repeat < asked.repeats; repeat++) {
          const tested = splits.filter((split) => split.repeat === repeat).flatMap(({ test }) => test);
          expect(tested.sort((a, b) => a - b)).toEqual(all);
        }
        for (const { train, test } of splits) expect([...train, ...test].sort((a, b) => a - b)).toEqual(all);
      }),
      { numRuns: 40 },
    );
  });

  it('leave two groups of every class in every train fold', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const { train } of groupedStratifiedFolds(asked))
          for (let label = 0; label < asked.classes; label++) {
            const holding = train.filter((image) => asked.labels[image]!.includes(label));
            expect(new Set(holding.map((image) => asked.groups[image])).size).toBeGreaterThanOrEqual(2);
          }
      }),
      { numRuns: 40 },
    );
  });

  it('spread each class to within one image when every image is its own group', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 3, max: 23 }), { minLength: 2, maxLength: 5 }),
        fc.nat(99),
        (sizes, seed) => {
          const labels = sizes.flatMap((size, label) => Array.from({ length: size }, () => [label]));
          const groups = labels.map((_, image) => `${image}`);
          const splits = groupedStratifiedFolds({
            labels,
            groups,
            classes: sizes.length,
            folds: 5,
            repeats: 1,
            seed,
            multilabel: false,
          });
          sizes.forEach((_, label) => {
            const counts = splits.map(({ test }) => test.filter((image) => labels[image]![0] === label).length);
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('spread each label of multi-label images to within a few images', () => {
    const random = seededRandom(8, 'labels');
    const shares = [0.05, 0.2, 0.5, 0.8];
    const labels = Array.from({ length: 400 }, () => [0, 1, 2, 3].filter((label) => random.next() < shares[label]!));
    const groups = labels.map((_, image) => `${image}`);
    const splits = groupedStratifiedFolds({
      labels,
      groups,
      classes: 4,
      folds: 5,
      repeats: 2,
      seed: 1,
      multilabel: true,
    });
    for (let label = 0; label < 4; label++) {
      const counts = splits.map(({ test }) => test.filter((image) => labels[image]!.includes(label)).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3);
    }
    for (const { test } of splits) expect(Math.abs(test.length - 80)).toBeLessThanOrEqual(2);
  });

  it('keep fold sizes near each other although groups differ in size', () => {
    const sizes = Array.from({ length: 40 }, (_, g) => 1 + (g % 7));
    const groups = sizes.flatMap((size, g) => Array.from({ length: size }, () => `${g}`));
    const labels = groups.map((name) => [Number(name) % 2]);
    for (const { test } of groupedStratifiedFolds({
      labels,
      groups,
      classes: 2,
      folds: 5,
      repeats: 3,
      seed: 4,
      multilabel: false,
    }))
      expect(Math.abs(test.length - groups.length / 5)).toBeLessThanOrEqual(4);
  });

  it('depend on the seed and on nothing else', () => {
    const labels = Array.from({ length: 60 }, (_, i) => [i % 3]);
    const asked = { labels, groups: labels.map((_, i) => `${i}`), classes: 3, folds: 5, repeats: 2, multilabel: false };
    expect(groupedStratifiedFolds({ ...asked, seed: 1 })).toEqual(groupedStratifiedFolds({ ...asked, seed: 1 }));
    expect(groupedStratifiedFolds({ ...asked, seed: 1 })).not.toEqual(groupedStratifiedFolds({ ...asked, seed: 2 }));
    const [first, second] = [0, 1].map((repeat) =>
      groupedStratifiedFolds({ ...asked, seed: 1 })
        .filter((split) => split.repeat === repeat)
        .map(({ test }) => test),
    );
    expect(first).not.toEqual(second);
  });

  it('refuse a class with too few groups, and say how many are needed', () => {
    const labels = [...Array.from({ length: 20 }, () => [0]), [1], [1], [1], [1]];
    const groups = labels.map((_, image) => (image < 20 ? `${image}` : `patient ${image % 2}`));
    const asked = { labels, groups, classes: 2, folds: 5, repeats: 1, seed: 1, multilabel: false };
    expect(() => groupedStratifiedFolds(asked)).toThrowError(refused);
    expect(() => groupedStratifiedFolds(asked)).toThrowError(/at least 3 groups.*have it; class 1 has 2/);
    expect(groupedStratifiedFolds({ ...asked, groupsInTrain: 1 })).toHaveLength(5);
  });

  it('refuse a multi-label class that every image has', () => {
    const labels = Array.from({ length: 30 }, (_, i) => (i % 2 ? [0, 1] : [0]));
    const asked = {
      labels,
      groups: labels.map((_, i) => `${i}`),
      classes: 2,
      folds: 5,
      repeats: 1,
      seed: 1,
      multilabel: true,
    };
    expect(() => groupedStratifiedFolds(asked)).toThrowError(refused);
    expect(() => groupedStratifiedFolds(asked)).toThrowError(/lack it; class 0 has 0/);
  });

  it('refuse fewer groups than folds, labels outside the classes, and groups that do not match', () => {
    const asked = { classes: 2, folds: 5, repeats: 1, seed: 1, multilabel: false };
    const labels = [[0], [0], [1], [1]];
    expect(() => groupedStratifiedFolds({ ...asked, labels, groups: ['a', 'b', 'c', 'd'] })).toThrowError(refused);
    const shape = expect.objectContaining({ code: 'shape-mismatch' });
    expect(() => groupedStratifiedFolds({ ...asked, labels: [[2]], groups: ['a'] })).toThrowError(shape);
    expect(() => groupedStratifiedFolds({ ...asked, labels, groups: ['a'] })).toThrowError(shape);
  });
});
