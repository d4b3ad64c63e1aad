import { describe, expect, it } from 'vitest';
import { estimateFrom } from '../../src/statistics/estimate.ts';
import { minimumDetectable } from '../../src/statistics/minimum-detectable.ts';

const estimate = estimateFrom({ value: 0.02, standardError: 1, degreesOfFreedom: 24, method: 'test' });

describe('minimumDetectable', () => {
  it('is 2.92 standard errors at 24 degrees of freedom', () => {
    // t(.975, 24) = 2.063899, t(.80, 24) = 0.856855 in printed tables.
    expect(minimumDetectable(estimate)).toBeCloseTo(2.063899 + 0.856855, 5);
  });

  it('grows with the level that several claims ask for', () => {
    expect(minimumDetectable({ ...estimate, level: 0.99 })).toBeGreaterThan(minimumDetectable(estimate));
  });
});
