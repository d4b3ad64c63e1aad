import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.ts';
import { overDraws } from '../../src/statistics/draws.ts';
import { estimateFrom } from '../../src/statistics/estimate.ts';

const estimate = (value: number, standardError: number, degreesOfFreedom = 24) =>
  estimateFrom({ value, standardError, degreesOfFreedom, method: 'test' });

describe('the mean over random draws', () => {
  it('leaves a single draw, and draws that agree, with their own error', () => {
    expect(overDraws([estimate(0.7, 0.03)])).toEqual(estimate(0.7, 0.03));
    const agreeing = overDraws([estimate(0.7, 0.03), estimate(0.7, 0.03), estimate(0.7, 0.03)]);
    expect(agreeing.standardError).toBeCloseTo(0.03, 12);
    expect(agreeing.degreesOfFreedom).toBeCloseTo(24, 9);
  });

  it('adds the spread between draws, with the few degrees of freedom that it has', () => {
    // s² of 1, 2, 3 is 1; SE² = 0.25 + 1/3; df by Welch and Satterthwaite.
    const { value, standardError, degreesOfFreedom } = overDraws([
      estimate(1, 0.5),
      estimate(2, 0.5),
      estimate(3, 0.5),
    ]);
    expect(value).toBe(2);
    expect(standardError).toBeCloseTo(Math.sqrt(0.25 + 1 / 3), 12);
    expect(degreesOfFreedom).toBeCloseTo((0.25 + 1 / 3) ** 2 / (0.25 ** 2 / 24 + (1 / 3) ** 2 / 2), 9);
  });

  it('has no width where nothing varies', () => {
    const same = overDraws([estimate(0, 0), estimate(0, 0), estimate(0, 0)]);
    expect([same.value, same.low, same.high]).toEqual([0, 0, 0]);
  });

  it('covers what draws have in common about as often as it says', () => {
    const random = seededRandom(1, 'draws');
    let covered = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      // One error that all draws share (the images), one of each draw's own.
      const shared = random.normal() * 0.03;
      const { low, high } = overDraws([0, 1, 2].map(() => estimate(shared + random.normal() * 0.036, 0.03, 1000)));
      if (low <= 0 && 0 <= high) covered++;
    }
    expect(covered / runs).toBeGreaterThan(0.93);
    expect(covered / runs).toBeLessThan(0.99);
  });
});
