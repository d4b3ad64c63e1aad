import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coOccurrence } from '../../../src/similarity/visual/glcm.ts';

/** The definition: every pair of neighbours on its own, in all four directions. */
function pairByPair(data: readonly number[], width: number, height: number): { contrast: number; homogeneity: number } {
  const sums = [
    [1, 0],
    [0, -1],
    [1, -1],
    [-1, -1],
  ].map(([dx, dy]) => {
    const differences: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [toX, toY] = [x + dx!, y + dy!];
        if (toX < 0 || toX >= width || toY < 0) continue;
        differences.push(Math.floor(data[y * width + x]! / 16) - Math.floor(data[toY * width + toX]! / 16));
      }
    const mean = (of: (difference: number) => number) =>
      differences.reduce((sum, difference) => sum + of(difference), 0) / differences.length;
    return { contrast: mean((d) => d * d), homogeneity: mean((d) => 1 / (1 + d * d)), pairs: differences.length };
  });
  const found = sums.filter(({ pairs }) => pairs > 0);
  const average = (of: 'contrast' | 'homogeneity') => found.reduce((sum, one) => sum + one[of], 0) / found.length;
  return { contrast: average('contrast'), homogeneity: average('homogeneity') };
}

describe('co-occurrence of grey levels', () => {
  it('is that of all pairs of neighbours, for images of any shape', () => {
    const size = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 49, maxLength: 49 }),
        (w, h, all) => {
          fc.pre(w * h > 1);
          const data = all.slice(0, w * h);
          const found = coOccurrence({ data: Uint8Array.from(data), width: w, height: h });
          const expected = pairByPair(data, w, h);
          expect(found.contrast).toBeCloseTo(expected.contrast, 10);
          expect(found.homogeneity).toBeCloseTo(expected.homogeneity, 10);
        },
      ),
    );
  });

  it('of one pixel has no contrast', () => {
    expect(coOccurrence({ data: Uint8Array.of(9), width: 1, height: 1 })).toEqual({ contrast: 0, homogeneity: 1 });
  });
});
