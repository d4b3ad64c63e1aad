import { describe, expect, it } from 'vitest';
import { hashRadius, indexHashes } from '../../src/integrity/hash-index.ts';
import { seededRandom } from '../../src/random.ts';

const random = seededRandom(0, 'hashes');
const word = () => (random.integer(2 ** 16) * 2 ** 16 + random.integer(2 ** 16)) >>> 0;

function withBitsFlipped([low, high]: [number, number], count: number): [number, number] {
  const bits = random.shuffled(Array.from({ length: 64 }, (_, bit) => bit)).slice(0, count);
  for (const bit of bits) {
    if (bit < 32) low = (low ^ (1 << bit)) >>> 0;
    else high = (high ^ (1 << (bit - 32))) >>> 0;
  }
  return [low, high];
}

function bitsApart(a: number, b: number): number {
  return (a ^ b).toString(2).replace('-', '').length === 0
    ? 0
    : [...((a ^ b) >>> 0).toString(2)].filter((c) => c === '1').length;
}

describe('an index of hashes', () => {
  it('finds exactly what a look at every hash finds', () => {
    const centre: [number, number] = [word(), word()];
    const hashes = new Uint32Array(2 * 3000);
    for (let i = 0; i < 3000; i++) hashes.set(i % 3 === 0 ? [word(), word()] : withBitsFlipped(centre, i % 17), 2 * i);
    const index = indexHashes(hashes);
    for (let look = 0; look < 40; look++) {
      const [low, high] = withBitsFlipped(centre, look % 10);
      const every = Array.from({ length: 3000 }, (_, i) => i).filter(
        (i) => bitsApart(hashes[2 * i]!, low) + bitsApart(hashes[2 * i + 1]!, high) <= hashRadius,
      );
      expect(index.near(low, high).sort((a, b) => a - b)).toEqual(every);
      expect(every.length).toBeGreaterThan(0);
    }
  });

  it('with bands of one changed bit finds all within 7 bits, and nothing beyond 8', () => {
    const hashes = new Uint32Array(2 * 2000);
    const centre: [number, number] = [word(), word()];
    for (let i = 0; i < 2000; i++) hashes.set(withBitsFlipped(centre, i % 12), 2 * i);
    const found = new Set(indexHashes(hashes, 1).near(...centre));
    const within = (bits: number) => Array.from({ length: 2000 }, (_, i) => i).filter((i) => i % 12 <= bits);
    for (const i of within(7)) expect(found.has(i)).toBe(true);
    expect([...found].every((i) => i % 12 <= hashRadius)).toBe(true);
    expect(found.size).toBeGreaterThan(within(7).length);
    expect(found.size).toBeLessThan(within(8).length);
  });

  it('finds a hash once, though all its bands agree', () => {
    expect(indexHashes(Uint32Array.of(7, 9)).near(7, 9)).toEqual([0]);
  });

  it('finds nothing among no hashes', () => {
    expect(indexHashes(new Uint32Array(0)).near(1, 2)).toEqual([]);
  });
});
