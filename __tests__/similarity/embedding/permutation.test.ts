import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import { type Random, seededRandom } from '../../../src/random.ts';
import { createGrams } from '../../../src/similarity/embedding/grams.ts';
import { gaussianKernel, medianBandwidth } from '../../../src/similarity/embedding/mmd.ts';
import { permutationP, poolKernels } from '../../../src/similarity/embedding/permutation.ts';
import { normalRows } from '../../helpers/sets.ts';

async function poolOf(x: Matrix, y: Matrix) {
  const grams = createGrams();
  const bandwidth = await medianBandwidth([x, y]);
  const kernel = (a: Matrix, b: Matrix) => gaussianKernel(grams, a, b, bandwidth);
  return poolKernels({ xx: kernel(x, x), yy: kernel(y, y), xy: kernel(x, y) });
}

/** Consecutive rows in units of `size`. */
const units = (rows: number, size: number) =>
  Array.from({ length: rows / size }, (_, unit) => Int32Array.from({ length: size }, (_, i) => unit * size + i));

/** Patients with `size` images each, whose images resemble each other. */
function patients(rows: number, size: number, random: Random): Matrix {
  const columns = 8;
  const data = new Float64Array(rows * columns);
  let own: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (row % size === 0) own = Array.from({ length: columns }, () => random.normal());
    for (let k = 0; k < columns; k++) data[row * columns + k] = own[k]! + 0.5 * random.normal();
  }
  return matrix(data, rows, columns);
}

describe('permutationP', () => {
  it('is 1 / (1 + B) for sets far apart and 1 for one set twice', async () => {
    const x = normalRows(20, 4, 1);
    const apart = await poolOf(x, normalRows(20, 4, 2, 5));
    expect(await permutationP(apart, units(40, 1), 20, seededRandom(1), { permutations: 99 })).toBe(0.01);
    expect(await permutationP(await poolOf(x, x), units(40, 1), 20, seededRandom(1), { permutations: 99 })).toBe(1);
  });

  it('calls rows that are all alike no different', async () => {
    const same = matrix(new Float64Array(40).fill(0.1), 20, 2);
    expect(await permutationP(await poolOf(same, same), units(40, 1), 20, seededRandom(1), { permutations: 99 })).toBe(
      1,
    );
  });

  it('rejects one distribution in about 5 % of cases, with patients only when they move as a whole', async () => {
    const repeats = 200;
    const rejected = async (size: number) => {
      let count = 0;
      for (let seed = 0; seed < repeats; seed++) {
        const random = seededRandom(seed, 'patients');
        const pool = await poolOf(patients(24, 4, random), patients(24, 4, random));
        const p = await permutationP(pool, units(48, size), 24 / size, seededRandom(seed, 'order'), {
          permutations: 99,
        });
        if (p <= 0.05) count++;
      }
      return count / repeats;
    };
    // 5 % ± 3 standard errors of 200 repeats.
    expect(Math.abs((await rejected(4)) - 0.05)).toBeLessThan(0.047);
    expect(await rejected(1)).toBeGreaterThan(0.5);
  });

  it('takes samples of unequal size', async () => {
    const pool = await poolOf(normalRows(30, 4, 1), normalRows(12, 4, 2));
    const p = await permutationP(pool, units(42, 1), 30, seededRandom(3), { permutations: 199 });
    expect(p).toBeGreaterThan(0.01);
    expect(p).toBeLessThanOrEqual(1);
  });
});
