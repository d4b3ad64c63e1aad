import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, holmLevels } from '../../src/statistics/holm.ts';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('holm', () => {
  it('never lowers a p-value, never passes 1 and keeps the order', () => {
    fc.assert(
      fc.property(pValues, (raw) => {
        const adjusted = holm(raw);
        raw.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, q] of raw.entries()) if (p <= q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
        });
      }),
    );
  });

  it('has nothing to do for no claims and refuses what is no p-value', () => {
    expect(holm([])).toEqual([]);
    expect(() => holm([0.2, Number.NaN])).toThrow(expect.objectContaining({ code: 'measure-refused' }));
    expect(() => holm([1.2])).toThrow(expect.objectContaining({ code: 'measure-refused' }));
  });
});

describe('holmLevels', () => {
  it('steps down while it rejects and stays at the step that fails', () => {
    // 0.01 ≤ .05/4; 0.015 ≤ .05/3; 0.04 > .05/2 stops; 0.045 would pass alone but comes after.
    expect(holmLevels([0.04, 0.01, 0.045, 0.015], 0.05)).toEqual([1 - 0.025, 1 - 0.0125, 1 - 0.025, 1 - 0.05 / 3]);
  });

  it('leaves one claim at 95 %', () => {
    expect(holmLevels([0.3])).toEqual([0.95]);
  });

  it('gives equal p-values equal levels', () => {
    expect(holmLevels([0.01, 0.01, 0.9])).toEqual([1 - 0.05 / 3, 1 - 0.05 / 3, 0.95]);
  });

  it('draws intervals that leave the margin out exactly where the adjusted p rejects', () => {
    fc.assert(
      fc.property(pValues, fc.double({ min: 0.01, max: 0.2, noNaN: true }), (raw, alpha) => {
        const adjusted = holm(raw);
        holmLevels(raw, alpha).forEach((level, i) => {
          if (Math.abs(raw[i]! - (1 - level)) > 1e-12) expect(raw[i]! < 1 - level).toBe(adjusted[i]! <= alpha);
        });
      }),
    );
  });
});
