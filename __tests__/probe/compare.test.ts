import { describe, expect, it } from 'vitest';
import { compareProbes, smallestHalfWidth } from '../../src/probe/compare.ts';
import { seededRandom } from '../../src/random.ts';
import { nadeauBengio } from '../../src/statistics/nadeau-bengio.ts';
import { probeProtocol } from '../helpers/probe.ts';

const protocol = probeProtocol(100, 2, { repeats: 5 });

function result(scores: readonly number[], prediction = scores[0]!) {
  return {
    scores: [...scores],
    predictions: { repeats: 1, images: 1, outputs: 1, probabilities: [prediction], classes: [0] },
  };
}

function scattered(mean: number, seed: number): number[] {
  const random = seededRandom(seed, 'scores');
  return Array.from({ length: 25 }, () => mean + 0.05 * random.normal());
}

describe('the comparison of probes', () => {
  it('gives every unordered pair once, as the corrected interval of the paired differences', () => {
    const many = probeProtocol(400, 2, { repeats: 5 });
    const results = new Map([
      ['a', result(scattered(0.8, 1))],
      ['b', result(scattered(0.7, 2))],
      ['c', result(scattered(0.7, 3))],
    ]);
    const { scores, differences } = compareProbes({ results, protocol: many });
    expect([...differences.keys()]).toEqual(['a\u0000b', 'a\u0000c', 'b\u0000c']);
    const [a, b] = [results.get('a')!.scores, results.get('b')!.scores];
    expect(differences.get('a\u0000b')).toEqual(
      nadeauBengio(
        Float64Array.from(a, (x, i) => x - b[i]!),
        0.25,
      ),
    );
    expect(scores.get('a')).toEqual(nadeauBengio(Float64Array.from(a), 0.25));
  });

  it('finds no difference at all between two names of one candidate', () => {
    const scores = scattered(0.8, 4);
    const { differences } = compareProbes({
      results: new Map([
        ['x', result(scores)],
        ['y', result(scores)],
      ]),
      protocol,
    });
    expect(differences.get('x\u0000y')).toMatchObject({ value: 0, standardError: 0, low: 0, high: 0 });
  });

  it('is not certain of a tie because two candidates got the same scores', () => {
    const scores = scattered(0.8, 4);
    const { differences } = compareProbes({
      results: new Map([
        ['x', result(scores, 0.3)],
        ['y', result(scores, 0.4)],
      ]),
      protocol,
    });
    const { value, low, high } = differences.get('x\u0000y')!;
    expect(value).toBe(0);
    // 50 groups: 3 in 50.
    expect(high).toBeCloseTo(0.06, 12);
    expect(low).toBeCloseTo(-0.06, 12);
  });

  it('is not certain of a gap because all folds agree on it', () => {
    const perfect = result(Array.from({ length: 25 }, () => 1));
    const { differences, scores } = compareProbes({
      results: new Map([
        ['x', perfect],
        ['y', result(Array.from({ length: 25 }, () => 0.98))],
      ]),
      protocol,
    });
    expect(differences.get('x\u0000y')!.low).toBeLessThan(0);
    expect(scores.get('x')!.low).toBeCloseTo(0.94, 12);
  });

  it('asks for one score a split', () => {
    expect(() => compareProbes({ results: new Map([['x', result([1, 2])]]), protocol })).toThrowError(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });
});

describe('the narrowest interval', () => {
  it('is three in the number of groups, or what the rarest class leaves of them', () => {
    const own = (labels: number[][]) => ({ labels, groups: labels.map((_, i) => `${i}`), classes: 2 });
    expect(smallestHalfWidth(own(Array.from({ length: 60 }, (_, i) => [i % 2])))).toBeCloseTo(3 / 60, 12);
    expect(smallestHalfWidth(own(Array.from({ length: 60 }, (_, i) => [Number(i < 5)])))).toBeCloseTo(3 / 10, 12);
    expect(smallestHalfWidth(own([[0], [1]]))).toBe(1);
  });
});
