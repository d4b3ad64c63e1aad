import { describe, expect, it } from 'vitest';
import { plainProducts } from '../../../src/linear-algebra/products.ts';
import { type Matrix, matrix, selectRows } from '../../../src/matrix.ts';
import { compareSets, ownGroups } from '../../../src/similarity/compare.ts';
import { type StreamedSet, streamedFid } from '../../../src/similarity/embedding/streamed-fid.ts';
import { expectGolden, matrixOf, readGolden } from '../../helpers/golden.ts';
import { normalRows } from '../../helpers/sets.ts';

const golden = readGolden<{ X: number[][]; Y: number[][] }, { fid_nuclear: number }>('set_relu_200x32_150x32');

function streamed(set: Matrix, rowsEach = set.rows, groups: readonly string[] = ownGroups(set.rows)): StreamedSet {
  return {
    rows: set.rows,
    columns: set.columns,
    groups,
    *blocks() {
      for (let from = 0; from < set.rows; from += rowsEach)
        yield selectRows<Float32Array | Float64Array>(
          set,
          Array.from({ length: Math.min(rowsEach, set.rows - from) }, (_, i) => from + i),
        );
    },
  };
}

const fid = (source: StreamedSet, target: StreamedSet, seed = 0) => streamedFid(source, target, seed, plainProducts);

describe('FID of sets that are streamed', () => {
  it('is what independent implementations give', async () => {
    const { estimate, details } = await fid(
      streamed(matrixOf(golden.inputs.X), 37),
      streamed(matrixOf(golden.inputs.Y), 64),
    );
    expectGolden(estimate!.value, golden.expected.fid_nuclear, golden);
    expect(details.meanTerm! + details.traceTerm!).toBeCloseTo(estimate!.value, 10);
  });

  it('has the interval of sets that are in memory, where the same images leave them', async () => {
    const [source, target] = [normalRows(900, 4, 1, 0.3), normalRows(700, 4, 2)];
    const groups = Array.from({ length: 900 }, (_, row) => `patient ${row >> 2}`);
    const { distances } = await compareSets({
      measure: 'embedding.fid',
      target,
      sources: new Map([['source', source]]),
      sourceGroups: new Map([['source', groups]]),
      seed: 5,
    });
    const whole = distances.get('source')!;
    const { estimate, splitHalf, details } = await fid(streamed(source, 900, groups), streamed(target), 5);
    expect(estimate!.value).toBeCloseTo(whole.estimate!.value, 10);
    expect(estimate!.standardError).toBeCloseTo(whole.estimate!.standardError, 10);
    expect(estimate!.method).toBe(whole.estimate!.method);
    // Other halves and samples of the same sets.
    expect(Math.abs(splitHalf!.value / whole.splitHalf!.value - 1)).toBeLessThan(0.3);
    expect(Math.abs(details.fidInfinity! - whole.details.fidInfinity!)).toBeLessThan(0.05);
    expect(details).toMatchObject({ sourceImages: 900, targetImages: 700 });
  });

  it('is 0 between a set and itself, whatever leaves it, and not between two samples', async () => {
    const [one, other] = [normalRows(300, 3, 1), normalRows(300, 3, 2)];
    const same = await fid(streamed(one), streamed(one));
    expect(Math.abs(same.estimate!.value)).toBeLessThan(1e-10);
    expect(same.estimate!.standardError).toBeLessThan(1e-10);
    expect((await fid(streamed(one), streamed(other))).estimate!.standardError).toBeGreaterThan(1e-4);
  });

  it('keeps images of one group together', async () => {
    const [source, target] = [normalRows(200, 3, 1, 1), normalRows(200, 3, 2)];
    const pairs = Array.from({ length: 200 }, (_, row) => String(row >> 5));
    const { estimate } = await fid(streamed(source, 200, pairs), streamed(target));
    expect(estimate!.method).toBe('block jackknife, 7 blocks');
  });

  it('joins more rows of a part than are held at a time', async () => {
    const [source, target] = [normalRows(12_000, 2, 1, 0.5), normalRows(11_000, 2, 2)];
    const { distances } = await compareSets({
      measure: 'embedding.fid',
      target,
      sources: new Map([['source', source]]),
      seed: 0,
    });
    const { estimate } = await fid(streamed(source, 2048), streamed(target, 2048));
    expect(estimate!.value).toBeCloseTo(distances.get('source')!.estimate!.value, 10);
  });

  it.each<[string, Matrix, RegExp]>([
    ['too few images', normalRows(7, 4, 1), /at least 8 images a side.*7 of the source/],
    [
      'a number that is none',
      matrix(new Float64Array(40).fill(1).with(13, Number.NaN), 10, 4),
      /in the source is not a fin/,
    ],
    ['other columns', normalRows(20, 3, 1), /equal columns; 3 and 4/],
  ])('refuses %s', async (_, source, message) => {
    await expect(fid(streamed(source), streamed(normalRows(20, 4, 2)))).rejects.toThrow(message);
  });

  it('refuses fewer than 5 groups', async () => {
    const groups = Array.from({ length: 40 }, (_, row) => String(row % 4));
    await expect(fid(streamed(normalRows(40, 4, 1), 40, groups), streamed(normalRows(40, 4, 2)))).rejects.toMatchObject(
      { code: 'measure-refused' },
    );
  });
});
