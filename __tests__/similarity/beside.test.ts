import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';
import { compareSets, pairKey, type SetComparison } from '../../src/similarity/compare.ts';

/** Normal rows about `mean` in every column. */
function cloud(name: string, rows: number, mean: number): Matrix {
  const random = seededRandom(3, name);
  return matrix(
    Float64Array.from({ length: rows * 6 }, () => mean + random.normal()),
    rows,
    6,
  );
}

const request: SetComparison = {
  measure: 'embedding.mmd',
  target: cloud('target', 120, 0),
  sources: new Map([
    ['near', cloud('near', 120, 0.3)],
    ['far', cloud('far', 130, 1)],
  ]),
  seed: 0,
};
const withBeside = (set: Matrix, more: Partial<SetComparison> = {}) =>
  compareSets({ ...request, beside: new Map([['beside', set]]), ...more });

describe('a set beside the sources', () => {
  it('moves no number of theirs, however few, many or far its images are', async () => {
    const alone = await compareSets(request);
    for (const [rows, mean] of [
      [30, 0],
      [400, 9],
    ] as const) {
      const { distances, differences } = await withBeside(cloud('beside', rows, mean));
      for (const id of ['near', 'far']) expect(distances.get(id)).toEqual(alone.distances.get(id));
      expect(differences.get(pairKey('near', 'far'))).toEqual(alone.differences.get(pairKey('near', 'far')));
    }
  });

  it('is measured as a source of the same images would be, where it is as a source is', async () => {
    const same = await withBeside(request.sources.get('near')!);
    expect(same.distances.get('beside')).toEqual(same.distances.get('near'));
    expect(same.differences.get(pairKey('near', 'beside'))!.estimate).toMatchObject({ value: 0, standardError: 0 });
  });

  it('is drawn down to the sources’ size and takes part whole where it is smaller', async () => {
    const images = async (rows: number) =>
      (await withBeside(cloud('beside', rows, 2))).distances.get('beside')!.details.sourceImages;
    // The smallest source has 120.
    expect(await images(400)).toBe(120);
    expect(await images(50)).toBe(50);
    const { distances } = await withBeside(cloud('beside', 50, 2));
    expect(distances.get('beside')!.estimate!.value).toBeGreaterThan(distances.get('far')!.estimate!.value);
  });

  it('is refused below the fewest images, and where no source can be measured', async () => {
    const few = await withBeside(cloud('beside', 15, 2));
    expect(few.distances.get('beside')!.refused).toContain('at least 20 images');
    expect(few.distances.get('near')!.estimate).not.toBeNull();
    const none = await withBeside(cloud('beside', 100, 2), { sources: new Map([['near', cloud('near', 12, 0)]]) });
    expect(none.distances.get('beside')).toMatchObject({
      estimate: null,
      refused: 'Nothing is measured beside the sources where none of them can be measured.',
    });
    expect(none.differences.get(pairKey('near', 'beside'))!.refused).toContain('near: A kernel distance needs');
  });

  it('must be described by the same numbers as the target', async () => {
    await expect(withBeside(matrix(new Float64Array(40 * 5), 40, 5))).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});
