import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSample } from '../../src/dataset/sample.ts';
import type { ImageRecord } from '../../src/dataset/types.ts';

interface Draft {
  labels: number[];
  group?: string;
}

function datasetOf(drafts: Draft[], classes: number) {
  const images = drafts.map(({ labels, group }, i): ImageRecord => {
    const id = `${String(i).padStart(6, '0')}.png`;
    return { id, file: `/x/${id}`, labels, group: group ?? id };
  });
  return { images, classes: Array.from({ length: classes }, (_, i) => `c${i}`) };
}
const sized = (...sizes: number[]) =>
  datasetOf(
    sizes.flatMap((size, label) => Array.from({ length: size }, () => ({ labels: [label] }))),
    sizes.length,
  );
const draw = (dataset: ReturnType<typeof datasetOf>, count: number, seed = 1, purpose = 'target') =>
  drawSample(dataset, { count, seed, purpose });
const perClass = (images: ImageRecord[], classes: number) =>
  Array.from({ length: classes }, (_, label) => images.filter(({ labels }) => labels.includes(label)).length);
const perGroup = (images: ImageRecord[]) => Map.groupBy(images, ({ group }) => group);
const ids = (images: ImageRecord[]) => images.map(({ id }) => id);

describe('drawSample', () => {
  it('takes everything, in order of ids, when there is no more than was asked for', () => {
    const { images, classes } = sized(3, 4);
    expect(draw({ images: images.toReversed(), classes }, 7)).toEqual(images);
  });

  it('keeps the proportions of the classes', () => {
    expect(perClass(draw(sized(600, 300, 100), 100), 3)).toEqual([60, 30, 10]);
  });

  it('keeps two images of a rare class, and one where there is one', () => {
    expect(perClass(draw(sized(1000, 3, 1), 50), 3)).toEqual([47, 2, 1]);
  });

  it('gives each class what it can when there are almost as many classes as images', () => {
    expect(perClass(draw(sized(...Array(15).fill(10)), 20), 15).every((n) => n >= 1)).toBe(true);
  });

  it('keeps whole patients, several of them in each class', () => {
    const drafts = Array.from({ length: 400 }, (_, i) => ({
      labels: [i % 8 < 4 ? 0 : 1],
      group: `p${Math.floor(i / 4)}`,
    }));
    const sample = draw(datasetOf(drafts, 2), 200);
    expect(sample).toHaveLength(200);
    expect(new Set([...perGroup(sample).values()].map((group) => group.length))).toEqual(new Set([4]));
    expect(perClass(sample, 2)).toEqual([100, 100]);
  });

  it('does not let one slide fill the sample while others are left', () => {
    const drafts = Array.from({ length: 4000 }, (_, i) => ({ labels: [i % 2], group: `slide${i % 40}` }));
    const groups = perGroup(draw(datasetOf(drafts, 2), 300));
    expect(groups.size).toBe(30);
    expect(new Set([...groups.values()].map((group) => group.length))).toEqual(new Set([10]));
  });

  it('takes more from each slide when there are few', () => {
    const drafts = Array.from({ length: 1000 }, (_, i) => ({ labels: [i % 2], group: `slide${i % 4}` }));
    const groups = perGroup(draw(datasetOf(drafts, 2), 300));
    expect([...groups.values()].map((group) => group.length)).toEqual([75, 75, 75, 75]);
  });

  it('takes from a slide first what it was drawn for', () => {
    // One tile in a hundred is tumour: cut at random, a slide drawn for its tumour would rarely bring it.
    const drafts = Array.from({ length: 4000 }, (_, i) => ({
      labels: [i % 100 === 0 ? 1 : 0],
      group: `slide${Math.floor(i / 100)}`,
    }));
    const dataset = datasetOf(drafts, 2);
    expect([1, 2, 3, 4, 5].map((seed) => perClass(draw(dataset, 300, seed), 2)[1])).toEqual([3, 3, 3, 3, 3]);
  });

  it('balances several labels an image, those without any included', () => {
    const drafts = Array.from({ length: 1000 }, (_, i) => ({
      labels: [...(i % 2 === 0 ? [0] : []), ...(i % 5 === 0 ? [1] : []), ...(i % 100 === 7 ? [2] : [])],
    }));
    const sample = draw(datasetOf(drafts, 3), 100);
    const [first, second, third] = perClass(sample, 3);
    expect(first).toBeGreaterThanOrEqual(47);
    expect(first).toBeLessThanOrEqual(53);
    expect(second).toBeGreaterThanOrEqual(18);
    expect(second).toBeLessThanOrEqual(22);
    expect(third).toBeGreaterThanOrEqual(2);
    expect(sample.filter(({ labels }) => labels.length === 0).length).toBeGreaterThan(30);
  });

  it('draws without labels as well', () => {
    const dataset = datasetOf(
      Array.from({ length: 50 }, () => ({ labels: [] })),
      0,
    );
    expect(draw(dataset, 20)).toHaveLength(20);
  });

  it('differs by seed and by purpose', () => {
    const dataset = sized(300, 300);
    const first = ids(draw(dataset, 40));
    expect(ids(draw(dataset, 40, 2))).not.toEqual(first);
    expect(ids(draw(dataset, 40, 1, 'candidate imagenet'))).not.toEqual(first);
  });

  it('is uniform within a class', () => {
    const dataset = sized(10, 10);
    const hits = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++)
      for (const id of ids(draw(dataset, 10, seed))) hits.set(id, (hits.get(id) ?? 0) + 1);
    // 600 draws at ½ each: mean 300, standard deviation 12.2
    expect(hits.size).toBe(20);
    for (const count of hits.values()) expect(Math.abs(count - 300)).toBeLessThan(55);
  });

  it('depends on content and seed alone, fills the count, and serves every class', () => {
    const draft = fc.record({
      label: fc.integer({ min: 0, max: 3 }),
      patient: fc.option(fc.integer({ min: 0, max: 9 })),
    });
    fc.assert(
      fc.property(
        fc.array(draft, { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 8, max: 60 }),
        fc.integer(),
        fc.boolean(),
        (drafts, count, seed, grouped) => {
          const dataset = datasetOf(
            drafts.map(({ label, patient }) => ({
              labels: [label],
              ...(grouped && patient !== null ? { group: `p${patient}` } : {}),
            })),
            4,
          );
          const sample = draw(dataset, count, seed);
          expect(sample).toHaveLength(Math.min(count, drafts.length));
          expect(new Set(ids(sample)).size).toBe(sample.length);
          expect(ids(sample)).toEqual(ids(sample).sort());
          const turned = { ...dataset, images: dataset.images.toReversed() };
          expect(draw(turned, count, seed)).toEqual(sample);
          if (!grouped) {
            const whole = perClass(dataset.images, 4);
            perClass(sample, 4).forEach((n, label) => {
              expect(n).toBeGreaterThanOrEqual(Math.min(2, whole[label]!));
            });
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
