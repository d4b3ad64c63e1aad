import { describe, expect, it } from 'vitest';
import { greyLevels, lumaScale } from '../../../src/similarity/visual/luma.ts';

describe('whole grey levels', () => {
  it('are the nearest to every luma there is, halves to the even one', () => {
    const data = Int32Array.from({ length: 255 * lumaScale + 1 }, (_, luma) => luma);
    const { data: levels } = greyLevels({ data, width: data.length, height: 1 });
    const wrong = data.filter((luma) => {
      const off = Math.abs(levels[luma]! * lumaScale - luma);
      return off > lumaScale / 2 || (off === lumaScale / 2 && levels[luma]! % 2 === 1);
    });
    expect(wrong).toHaveLength(0);
  });
});
