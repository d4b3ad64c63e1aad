import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.ts';
import { blockCount, blocksOf, jackknife } from '../../src/statistics/jackknife.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });

describe('blockCount', () => {
  it('is 20, 10 below 200 images in any set, and never more than the groups of any set', () => {
    expect(blockCount([{ rows: 200, groups: 200 }])).toBe(20);
    expect(
      blockCount([
        { rows: 500, groups: 500 },
        { rows: 199, groups: 199 },
      ]),
    ).toBe(10);
    expect(
      blockCount([
        { rows: 500, groups: 7 },
        { rows: 500, groups: 500 },
      ]),
    ).toBe(7);
  });

  it('refuses fewer than 5 groups', () => {
    expect(() => blockCount([{ rows: 500, groups: 4 }])).toThrow(refused);
  });
});

describe('blocksOf', () => {
  const dealt = (groups: readonly string[], blocks: number, seed = 7) =>
    blocksOf(groups, blocks, seededRandom(seed, 'blocks'));
  const images = Array.from({ length: 60 }, (_, row) => `image ${String(row).padStart(2, '0')}`);

  it('deals equally many groups to every block', () => {
    const sizes = Array.from({ length: 20 }, (_, block) => dealt(images, 20).filter((own) => own === block).length);
    expect(sizes).toEqual(new Array(20).fill(3));
  });

  it('keeps a patient in one block, whatever the order of the rows', () => {
    const groups = ['p3', 'p1', 'p3', 'p2', 'p1', 'p4'];
    const blocks = dealt(groups, 3);
    expect(blocks[0]).toBe(blocks[2]);
    expect(blocks[1]).toBe(blocks[4]);
    expect([...dealt(groups.toReversed(), 3)]).toEqual([...blocks].reverse());
  });

  it('mixes what stands together in the order of the names', () => {
    const inNames = images.map((_, row) => row % 20);
    expect([...dealt(images, 20)]).not.toEqual(inNames);
    expect([...dealt(images, 20)]).not.toEqual([...dealt(images, 20, 8)]);
  });
});

describe('jackknife', () => {
  it('gives the mean of n numbers its textbook standard error when every block is one number', () => {
    const numbers = [3, 1, 4, 1, 5, 9, 2, 6];
    const sum = 31;
    const leftOut = numbers.map((x) => (sum - x) / 7);
    const mean = sum / 8;
    const s2 = numbers.reduce((total, x) => total + (x - mean) ** 2, 0) / 7;
    const estimate = jackknife(mean, leftOut);
    expect(estimate.standardError).toBeCloseTo(Math.sqrt(s2 / 8), 12);
    expect(estimate.degreesOfFreedom).toBe(7);
  });

  it('has no error where no block matters', () => {
    expect(jackknife(0, [0, 0, 0, 0, 0])).toMatchObject({ value: 0, standardError: 0, low: 0, high: 0 });
  });

  it('refuses one block and numbers that are none', () => {
    expect(() => jackknife(1, [1])).toThrow(refused);
    expect(() => jackknife(1, [1, Number.NaN])).toThrow(refused);
  });
});
