import { describe, expect, it } from 'vitest';
import { type Augmentation, batchesOf, defaultAugmentation } from '../../../src/probe/finetune/order.ts';

const train = Array.from({ length: 10 }, (_, i) => 100 + i);
const asked = { train, batch: 4, steps: 200, seed: 5, seedIndex: 1 };
const off: Augmentation = { flip: false, shift: 0, brightness: 0 };
const flat = (augmentation: Augmentation) => batchesOf({ ...asked, augmentation }).flatMap(({ changes }) => changes);

describe('the order of training images', () => {
  it('shows every image once a pass, fills every batch, and shuffles each pass anew', () => {
    const batches = batchesOf(asked);
    expect(batches).toHaveLength(200);
    expect(batches.every(({ images, changes }) => images.length === 4 && changes.length === 4)).toBe(true);
    const images = batches.flatMap((batch) => batch.images);
    const passes = Array.from({ length: 80 }, (_, pass) => images.slice(pass * 10, pass * 10 + 10));
    for (const pass of passes) expect([...pass].sort()).toEqual(train);
    expect(new Set(passes.map((pass) => pass.join())).size).toBeGreaterThan(75);
  });

  it('repeats the images of a train part smaller than a batch', () => {
    const [first] = batchesOf({ ...asked, train: [7, 8, 9], batch: 8, steps: 1 });
    expect(first!.images.slice(0, 3).sort()).toEqual([7, 8, 9]);
    expect(first!.images.slice(3, 6).sort()).toEqual([7, 8, 9]);
    expect(first!.images).toHaveLength(8);
  });

  it('is another one for another seed, and the same for the same; fewer steps are the first of more', () => {
    expect(batchesOf(asked)).toEqual(batchesOf(asked));
    expect(batchesOf({ ...asked, steps: 7 })).toEqual(batchesOf(asked).slice(0, 7));
    expect(batchesOf({ ...asked, seedIndex: 2 })).not.toEqual(batchesOf(asked));
    expect(batchesOf({ ...asked, seed: 6 })).not.toEqual(batchesOf(asked));
  });

  it('leaves the order and the other changes as they are when one is switched off', () => {
    const all = flat(defaultAugmentation);
    expect(flat({ ...defaultAugmentation, flip: false })).toEqual(all.map((change) => ({ ...change, flip: false })));
    expect(flat({ ...defaultAugmentation, shift: 0 })).toEqual(all.map((change) => ({ ...change, down: 0, right: 0 })));
    expect(flat({ ...defaultAugmentation, brightness: 0 })).toEqual(
      all.map((change) => ({ ...change, brightness: 1 })),
    );
    expect(batchesOf({ ...asked, augmentation: off }).map(({ images }) => images)).toEqual(
      batchesOf(asked).map(({ images }) => images),
    );
  });

  it('draws changes evenly over their ranges, half of them mirrored', () => {
    const all = flat({ flip: true, shift: 0.125, brightness: 0.2 });
    expect(Math.abs(all.filter(({ flip }) => flip).length / 800 - 0.5)).toBeLessThan(0.06);
    for (const [values, largest] of [
      [all.map(({ down }) => down), 0.125],
      [all.map(({ right }) => right), 0.125],
      [all.map(({ brightness }) => brightness - 1), 0.2],
    ] as const) {
      expect(Math.max(...values)).toBeLessThanOrEqual(largest);
      expect(Math.max(...values)).toBeGreaterThan(0.97 * largest);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(-largest);
      expect(Math.min(...values)).toBeLessThan(-0.97 * largest);
      // Uniform on [−a, a]: variance a² ÷ 3.
      expect(values.reduce((sum, x) => sum + x * x, 0) / 800).toBeCloseTo(largest ** 2 / 3, 2);
    }
    expect(all.some(({ down, right }) => down === right)).toBe(false);
  });

  it('changes nothing when all is off', () => {
    expect(new Set(flat(off).map((change) => JSON.stringify(change)))).toEqual(
      new Set([JSON.stringify({ flip: false, down: 0, right: 0, brightness: 1 })]),
    );
  });

  it.each([
    { train: [] },
    { batch: 0 },
    { steps: 1.5 },
    { augmentation: { ...off, shift: 1 } },
    { augmentation: { ...off, brightness: -0.1 } },
  ])('refuses %j', (wrong) => {
    expect(() => batchesOf({ ...asked, ...wrong })).toThrowError(expect.objectContaining({ code: 'measure-refused' }));
  });
});
