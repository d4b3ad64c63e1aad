import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';
import { type EmbeddedNames, nearestNames } from '../../src/semantic/nearest-names.ts';

/** Unit vectors in the plane with these cosines to (1, 0). */
function withCosines(cosines: readonly number[], prefix = 'n'): EmbeddedNames {
  const data = Float64Array.from(cosines.flatMap((c) => [c, Math.sqrt(1 - c * c)]));
  return { names: cosines.map((_, i) => `${prefix}${i}`), rows: matrix(data, cosines.length, 2) };
}

const target = withCosines([1], 'target');
const unrelated = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 0.2 : -0.2));

describe('the nearest names', () => {
  it('are those of the highest cosine, the first of several', () => {
    const [row] = nearestNames(target, withCosines([0.1, 0.7, 0.7, -1]), withCosines(unrelated));
    expect(row).toMatchObject({ target: 'target0', source: 'n1' });
    expect(row!.cosine).toBeCloseTo(0.7, 12);
  });

  it('stand out above the prediction limit for as many names as were compared', () => {
    // Mean 0, s = 0.2 √(30/29); one-sided 5 % of t with 29 degrees of freedom is 1.699127, 0.5 % is 2.756386 (tables).
    const one = (c: number) => nearestNames(target, withCosines([c]), withCosines(unrelated))[0]!;
    expect(one(0.36).bar).toBeCloseTo(1.699127 * 0.2 * Math.sqrt(31 / 29), 6);
    expect([one(0.36).standsOut, one(0.34).standsOut]).toEqual([true, false]);
    const ten = (c: number) => nearestNames(target, withCosines([c, ...Array(9).fill(0)]), withCosines(unrelated))[0]!;
    expect(ten(0.58).bar).toBeCloseTo(2.756386 * 0.2 * Math.sqrt(31 / 29), 6);
    expect([ten(0.58).standsOut, ten(0.56).standsOut]).toEqual([true, false]);
  });

  it('do not stand out below any unrelated name', () => {
    const [row] = nearestNames(target, withCosines([0.85]), withCosines([...unrelated, 0.9], 'word'));
    expect(row).toMatchObject({ standsOut: false, unrelated: { word: 'word30' } });
    expect(row!.bar).toBeCloseTo(0.9, 12);
  });

  it('never stand out in a network to which all names are one', () => {
    const [row] = nearestNames(target, withCosines([1]), withCosines(Array(30).fill(1)));
    expect(row).toMatchObject({ cosine: 1, bar: 1, standsOut: false });
  });

  it('are refused without enough unrelated names, or without any', () => {
    const few = withCosines(unrelated.slice(1));
    expect(() => nearestNames(target, target, few)).toThrow(expect.objectContaining({ code: 'measure-refused' }));
    const none = { names: [], rows: matrix(new Float64Array(0), 0, 2) };
    expect(() => nearestNames(target, none, withCosines(unrelated))).toThrow(/there are 1, 0 and 30/);
  });

  it('stand out by chance in at most one of twenty tables', () => {
    const random = seededRandom(1, 'names');
    const drawn = (count: number): EmbeddedNames => {
      const columns = 32;
      const data = Float64Array.from({ length: count * columns }, () => random.normal());
      for (let row = 0; row < count; row++) {
        const own = data.subarray(row * columns, (row + 1) * columns);
        const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
        own.forEach((value, k) => {
          own[k] = value / length;
        });
      }
      return { names: Array.from({ length: count }, String), rows: matrix(data, count, columns) };
    };
    let tables = 0;
    for (let i = 0; i < 300; i++)
      if (nearestNames(drawn(4), drawn(30), drawn(100)).some(({ standsOut }) => standsOut)) tables++;
    // 300 × 5 % = 15, and three binomial standard deviations above it 26.
    expect(tables).toBeLessThanOrEqual(26);
  });
});
