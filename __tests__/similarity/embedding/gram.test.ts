import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectRows } from '../../../src/matrix.ts';
import { gram } from '../../../src/similarity/embedding/gram.ts';
import { createGrams } from '../../../src/similarity/embedding/grams.ts';
import { normalRows } from '../../helpers/sets.ts';

describe('gram', () => {
  it('is every dot product, whatever the shape', () => {
    const size = fc.integer({ min: 0, max: 11 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 0, max: 9 }), (n, m, d) => {
        const a = normalRows(n, d, 1);
        const b = normalRows(m, d, 2);
        const products = gram(a, b);
        const within = gram(a, a);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < m; j++) expect(products[i * m + j]).toBe(dot(a.data, i, b.data, j, d));
          for (let j = 0; j < n; j++) expect(within[i * n + j]).toBe(dot(a.data, i, a.data, j, d));
        }
      }),
    );
  });

  it('crosses the bands that keep wide rows in the cache', () => {
    const a = normalRows(21, 5000, 3);
    const within = gram(a, a);
    for (let i = 0; i < 21; i++)
      for (let j = 0; j < 21; j++) expect(within[i * 21 + j]).toBe(dot(a.data, i, a.data, j, 5000));
  });
});

describe('createGrams', () => {
  it('multiplies a pair and selects rows once', () => {
    const grams = createGrams();
    const set = normalRows(6, 2, 1);
    expect(grams.between(set, set)).toBe(grams.between(set, set));
    expect(grams.select(set, Int32Array.of(1, 4))).toBe(grams.select(set, Int32Array.of(1, 4)));
    expect(grams.select(set, Int32Array.of(1, 4))).toEqual(selectRows(set, [1, 4]));
    expect(grams.select(set, Int32Array.of(0, 1, 2, 3, 4, 5))).toBe(set);
  });
});

function dot(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += a[i * d + k]! * b[j * d + k]!;
  return sum;
}
