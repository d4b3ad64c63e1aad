import { describe, expect, it } from 'vitest';
import { nadeauBengio } from '../../src/statistics/nadeau-bengio.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });

describe('nadeauBengio', () => {
  it('is wider than the naive interval by √(1 + J · share)', () => {
    const differences = Float64Array.from({ length: 25 }, (_, i) => Math.sin(i));
    const mean = differences.reduce((sum, x) => sum + x, 0) / 25;
    const naive = Math.sqrt(differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 24 / 25);
    const { standardError, value } = nadeauBengio(differences, 0.25);
    expect(value).toBeCloseTo(mean, 14);
    expect(standardError / naive).toBeCloseTo(Math.sqrt(1 + 25 * 0.25), 12);
  });

  it('has no width for a candidate against itself', () => {
    expect(nadeauBengio(new Float64Array(25), 0.25)).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  it('refuses one fold and shares that are none', () => {
    expect(() => nadeauBengio(Float64Array.of(1), 0.25)).toThrow(refused);
    expect(() => nadeauBengio(Float64Array.of(1, 2), 0)).toThrow(refused);
    expect(() => nadeauBengio(Float64Array.of(1, 2), Number.NaN)).toThrow(refused);
  });
});
