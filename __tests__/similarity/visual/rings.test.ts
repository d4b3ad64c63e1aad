import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/random.ts';
import { meanLogPower, radialPower } from '../../../src/similarity/visual/rings.ts';

describe.each([6, 10, 64])('rings of a spectrum of %i px', (side) => {
  const half = side / 2;
  const random = seededRandom(side, 'rings');
  // Powers as far apart as the brightest image's mean and a rounded-off nothing.
  const power = Float64Array.from({ length: side * (half + 1) }, () => 10 ** (random.integer(20_000) / 1000 - 7));

  /** Every frequency of the whole, the half that is not stored included, by what ring it is in. */
  const byRing = (ringOf: (u: number, v: number) => number): number[][] => {
    const rings: number[][] = [];
    for (let v = -half; v < half; v++)
      for (let u = -half; u < half; u++) {
        const [atU, atV] = v < 0 && v > -half ? [-u, -v] : [u, Math.abs(v)];
        const ring = ringOf(u, v);
        rings[ring] ??= [];
        rings[ring].push(power[atV * side + ((atU + side) % side)]!);
      }
    return rings;
  };

  it('hold the power and the number of all frequencies at a distance', () => {
    const { sums, counts } = radialPower(side, power);
    const expected = byRing((u, v) => Math.round(Math.sqrt(u * u + v * v)));
    expect(counts).toHaveLength(expected.length);
    for (const [ring, values] of expected.entries()) {
      expect(counts[ring]).toBe(values.length);
      expect(sums[ring]! / values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
  });

  it('have the mean of the logarithms of all frequencies on a square', () => {
    const raised = 1e-8;
    const logarithms = meanLogPower(side, power, raised);
    for (const [ring, values] of byRing((u, v) => Math.max(Math.abs(u), Math.abs(v))).entries()) {
      const mean = values.reduce((sum, value) => sum + Math.log(value + raised), 0) / values.length;
      expect(logarithms[ring]).toBeCloseTo(mean, 10);
    }
  });
});
