import { describe, expect, it } from 'vitest';
import { atChance, chanceLevel, collapsed } from '../../src/probe/chance.ts';
import { estimateFrom } from '../../src/statistics/estimate.ts';

describe('chance', () => {
  it('is a half for AUCs, one in the number of classes for balanced accuracy, the commonest class for accuracy', () => {
    expect(chanceLevel('auc', 2)).toBe(0.5);
    expect(chanceLevel('macro_auc', 8)).toBe(0.5);
    expect(chanceLevel('balanced_accuracy', 8)).toBe(0.125);
    expect(chanceLevel('accuracy', 2, 0.9)).toBe(0.9);
    expect(chanceLevel('accuracy', 4)).toBe(0.25);
  });

  it('is not excluded by an interval that reaches down to it', () => {
    const estimate = (value: number) =>
      estimateFrom({ value, standardError: 0.02, degreesOfFreedom: 24, method: 'test' });
    expect(atChance(estimate(0.53), 0.5)).toBe(true);
    expect(atChance(estimate(0.55), 0.5)).toBe(false);
    expect(atChance(estimate(0.4), 0.5)).toBe(true);
  });

  it('is not the only way to be useless: nearly the same prediction for all is a collapse', () => {
    expect(collapsed({ sameness: 0.96 })).toBe(true);
    expect(collapsed({ sameness: 0.9 })).toBe(false);
  });
});
