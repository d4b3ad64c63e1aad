import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { sha256 } from './digest.ts';

/** Random numbers that depend on nothing but the seed and the purpose they are drawn for. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal (Box & Muller 1958). */
  normal(): number;
  /** A new array in random order (Fisher–Yates). */
  shuffled<T>(items: readonly T[]): T[];
}

/**
 * A generator for one purpose. Two purposes under one seed are independent, so that adding a measure
 * never moves the numbers of another.
 */
export function seededRandom(seed: number, ...purpose: (string | number)[]): Random {
  const generator = xoroshiro128plus(Number.parseInt(sha256([seed, ...purpose].join('\u0000')).slice(0, 8), 16) | 0);
  const next = () => uniformFloat64(generator);
  const integer = (below: number) => uniformInt(generator, 0, below - 1);
  return {
    next,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffled: (items) => {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [out[i], out[j]] = [out[j]!, out[i]!];
      }
      return out;
    },
  };
}
