import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SeedSplitRequest, seedSplits } from '../../../src/probe/finetune/splits.ts';
import { seededRandom } from '../../../src/random.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });

/** Groups of one to four images, of one class or of several. */
const request = fc
  .record({
    groups: fc.integer({ min: 40, max: 70 }),
    classes: fc.integer({ min: 2, max: 4 }),
    mixed: fc.boolean(),
    multilabel: fc.boolean(),
    seeds: fc.integer({ min: 3, max: 7 }),
    seed: fc.nat(1000),
  })
  .map(({ groups, classes, mixed, multilabel, seeds, seed }): SeedSplitRequest => {
    const random = seededRandom(seed, 'seed split test');
    const labels: number[][] = [];
    const names: string[] = [];
    for (let g = 0; g < groups; g++)
      for (let i = random.integer(4); i >= 0; i--) {
        const own = mixed ? random.integer(classes) : g % classes;
        labels.push(multilabel ? [own, (own + 1) % classes].slice(0, 1 + random.integer(2)) : [own]);
        names.push(`patient ${g}`);
      }
    return { labels, groups: names, classes, seeds, seed, multilabel };
  });

const single = (count: number, classes = 2): Omit<SeedSplitRequest, 'seeds'> => {
  const labels = Array.from({ length: count }, (_, i) => [i % classes]);
  return { labels, groups: labels.map((_, i) => `${i}`), classes, seed: 3, multilabel: false };
};

describe('the splits of seeds', () => {
  it('give each image to one part and each group to one part', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const { train, validation, test } of seedSplits(asked)) {
          const parts = [train, validation, test];
          expect(parts.flat().sort((a, b) => a - b)).toEqual(asked.labels.map((_, image) => image));
          const names = parts.map((part) => new Set(part.map((image) => asked.groups[image]!)));
          expect(names.reduce((sum, { size }) => sum + size, 0)).toBe(new Set(asked.groups).size);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('show every class, and for multi-label its absence, in every part', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const { train, validation, test } of seedSplits(asked))
          for (const part of [train, validation, test])
            for (let label = 0; label < asked.classes; label++) {
              const having = part.filter((image) => asked.labels[image]!.includes(label)).length;
              expect(having).toBeGreaterThan(0);
              if (asked.multilabel) expect(having).toBeLessThan(part.length);
            }
      }),
      { numRuns: 30 },
    );
  });

  it('show images without a label that most images have', () => {
    const labels = Array.from({ length: 60 }, (_, image) => (image < 10 ? [1] : [0, 1].slice(0, 1 + (image % 2))));
    for (let seed = 0; seed < 20; seed++)
      for (const { train, validation, test } of seedSplits({ ...single(60), labels, multilabel: true, seeds: 5, seed }))
        for (const part of [train, validation, test]) expect(part.some((image) => image < 10)).toBe(true);
  });

  it('test every image once in five seeds, and in another division in the next five', () => {
    const splits = seedSplits({ ...single(100), seeds: 10 });
    const tested = (from: number) => splits.slice(from, from + 5).flatMap(({ test }) => test);
    for (const from of [0, 5]) expect(tested(from).sort((a, b) => a - b)).toEqual(single(100).labels.map((_, i) => i));
    expect(splits[5]!.test).not.toEqual(splits[0]!.test);
    expect(splits.map(({ seedIndex }) => seedIndex)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('divide 64 : 16 : 20, each class alike', () => {
    const asked = single(200);
    for (const { train, validation, test } of seedSplits({ ...asked, seeds: 5 })) {
      expect([train.length, validation.length, test.length]).toEqual([128, 32, 40]);
      for (const part of [train, validation, test])
        expect(part.filter((image) => asked.labels[image]![0] === 1)).toHaveLength(part.length / 2);
    }
  });

  it('leave the first seeds as they are when more are asked for, and change with the seed', () => {
    const few = seedSplits({ ...single(60), seeds: 3 });
    expect(seedSplits({ ...single(60), seeds: 7 }).slice(0, 3)).toEqual(few);
    expect(seedSplits({ ...single(60), seeds: 3, seed: 4 })).not.toEqual(few);
  });

  it('refuse a class in fewer than five groups, and say how many it has', () => {
    const labels = [...Array.from({ length: 30 }, () => [0]), ...Array.from({ length: 12 }, () => [1])];
    const groups = labels.map((_, image) => (image < 30 ? `${image}` : `patient ${image % 4}`));
    const asked = { labels, groups, classes: 2, seeds: 3, seed: 1, multilabel: false };
    expect(() => seedSplits(asked)).toThrowError(refused);
    expect(() => seedSplits(asked)).toThrowError(/at least 5 groups.*have it; class 1 has 4/);
    const enough = labels.map((_, image) => (image < 30 ? `${image}` : `patient ${image % 5}`));
    expect(seedSplits({ ...asked, groups: enough })).toHaveLength(3);
  });

  it('refuse a label that nearly every image has', () => {
    const labels = Array.from({ length: 40 }, (_, image) => (image < 4 ? [1] : [0, 1].slice(0, 1 + (image % 2))));
    const asked = { ...single(40), labels, multilabel: true, seeds: 3 };
    expect(() => seedSplits(asked)).toThrowError(/lack it; class 0 has 4/);
  });

  it('refuse when the rarest class cannot be spread, or too little is left to divide again', () => {
    // Nine groups that mix three classes, each class in five of them or more.
    const classesOf = ['1', '1', '2222', '2022', '001010', '11', '120121', '21000', '1102'];
    const asked = (all: readonly string[]) => ({
      labels: all.flatMap((digits) => [...digits].map((digit) => [Number(digit)])),
      groups: all.flatMap((digits, g) => [...digits].map(() => `${g}`)),
      classes: 3,
      seeds: 5,
      seed: 0,
      multilabel: false,
    });
    expect(() => seedSplits(asked(classesOf))).toThrowError(/No division.*test parts all hold every class/);
    expect(() => seedSplits(asked(['012', '012', '012', '012', '012']))).toThrowError(
      /No division.*train and validation parts all hold every class/,
    );
    expect(() => seedSplits(asked(['012', '012', '012', '012', '012']))).toThrowError(refused);
  });
});
