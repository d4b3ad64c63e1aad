import { seededRandom } from '../random.ts';

/**
 * Random weights: normal, mean 0. Each tensor has a stream of its own: the same seed and name, the same numbers. For tens of millions of
 * numbers, hence a small generator (sfc32, Doty-Humphrey), seeded from the project's, and both results of each Box–Muller pair.
 */
export function normalWeights(length: number, deviation: number, seed: number, name: string): Float32Array {
  const values = new Float32Array(length);
  const random = seededRandom(seed, 'random initialisation', name);
  let [a, b, c, counter] = [0, 0, 0, 0].map(() => random.integer(2 ** 31)) as [number, number, number, number];
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
