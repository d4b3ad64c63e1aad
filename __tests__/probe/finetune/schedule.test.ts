import { describe, expect, it } from 'vitest';
import { learningRates } from '../../../src/probe/finetune/schedule.ts';

describe('the learning rate', () => {
  it('climbs evenly to its peak, then falls along half a cosine', () => {
    const rates = learningRates({ peak: 0.4, steps: 8, warmUp: 4 });
    const half = Math.SQRT1_2;
    const expected = [0.1, 0.2, 0.3, 0.4, 0.4, 0.2 * (1 + half), 0.2, 0.2 * (1 - half)];
    expect(rates).toHaveLength(8);
    expected.forEach((rate, step) => {
      expect(rates[step]).toBeCloseTo(rate, 14);
    });
  });

  it('starts at its peak without a warm-up, and never trains at 0', () => {
    const rates = learningRates({ peak: 1e-3, steps: 100, warmUp: 0 });
    expect(rates[0]).toBe(1e-3);
    expect(rates[50]).toBeCloseTo(5e-4, 12);
    expect(rates[99]).toBeGreaterThan(0);
    expect(rates[99]).toBeLessThan(1e-6);
    expect([...rates]).toEqual([...rates].sort((a, b) => b - a));
  });

  it.each([
    { peak: 0, steps: 10, warmUp: 2 },
    { peak: Number.NaN, steps: 10, warmUp: 2 },
    { peak: 0.1, steps: 10, warmUp: 10 },
    { peak: 0.1, steps: 10, warmUp: -1 },
    { peak: 0.1, steps: 0, warmUp: 0 },
  ])('refuses %j', (wrong) => {
    expect(() => learningRates(wrong)).toThrowError(expect.objectContaining({ code: 'measure-refused' }));
  });
});
