import { describe, expect, it } from 'vitest';
import { estimateFrom } from '../../src/statistics/estimate.ts';
import { imagesNeeded, minimumDetectable } from '../../src/statistics/minimum-detectable.ts';

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

describe('imagesNeeded', () => {
  it('keeps the number of images where the gap is what they just detect, and quadruples it for half the gap', () => {
    const gap = minimumDetectable(estimate);
    expect(imagesNeeded(estimate, 300, gap)).toBe(300);
    expect(imagesNeeded(estimate, 300, -gap / 2)).toBe(1200);
  });

  it('knows no number for no gap', () => {
    expect(imagesNeeded(estimate, 300, 0)).toBeNull();
  });
});
