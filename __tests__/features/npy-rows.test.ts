import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matrixOf, readNpy } from '../../src/features/npy.ts';
import { openNpyRows } from '../../src/features/npy-rows.ts';
import { type Matrix, selectRows } from '../../src/matrix.ts';
import { bytesOf, npy } from '../helpers/npy.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npy-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const [rows, columns] = [5000, 3];
const values = Float64Array.from({ length: rows * columns }, (_, at) => ((at * 7919) % 2003) - 1000);
const kinds = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<i2': Int16Array,
  '<u4': Uint32Array,
};

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function collect(blocks: AsyncIterable<Matrix>): Promise<Matrix[]> {
  const found: Matrix[] = [];
  for await (const block of blocks) found.push(block);
  return found;
}

describe('features in a file', () => {
  describe.each([false, true])('column-major: %s', (fortran) => {
    it.each(Object.keys(kinds) as (keyof typeof kinds)[])('are those of the whole file, %s', async (descr) => {
      const bytes = npy(descr, `(${rows}, ${columns})`, bytesOf(kinds[descr].from(values)), { fortran });
      const whole = matrixOf(readNpy(bytes, 'whole'), 'whole');
      const file = await openNpyRows(await save('features.npy', bytes), 'features.npy');
      expect([file.rows, file.columns]).toEqual([rows, columns]);

      const blocks = await collect(file.blocks());
      expect(blocks.map((block) => block.rows)).toEqual([2048, 2048, 904]);
      expect(blocks.flatMap(({ data }) => [...data])).toEqual([...whole.data]);
      expect(blocks[0]!.data.constructor).toBe(whole.data.constructor);

      for (const wanted of [[0], [4999], [7, 8, 9, 2000, 2002, 4998, 4999], []])
        expect(await file.read(Int32Array.from(wanted))).toEqual(selectRows(whole, wanted));
      await file.close();
    });
  });

  it('lie in runs that are longer than what is read at a time', async () => {
    const wide = Float64Array.from({ length: 2 ** 22 }, (_, at) => at);
    const file = await openNpyRows(await save('wide.npy', npy('<f8', '(4, 1048576)', bytesOf(wide))), 'wide.npy');
    const { data } = await file.read(Int32Array.of(0, 1, 2, 3));
    expect(Buffer.compare(bytesOf(data), bytesOf(wide))).toBe(0);
    await file.close();
  });

  it('have no blocks where there are no rows', async () => {
    const file = await openNpyRows(await save('none.npy', npy('<f4', '(0, 3)', new Uint8Array(0))), 'none.npy');
    expect(await collect(file.blocks())).toEqual([]);
    await file.close();
  });

  it.each<[string, Uint8Array]>([
    ['another file', Buffer.from('PK\u0003\u0004 an archive of arrays')],
    ['an empty file', new Uint8Array(0)],
    ['half precision', npy('<f2', '(1, 1)', new Uint8Array(2))],
    ['big-endian numbers', npy('>f4', '(1, 1)', new Uint8Array(4))],
    ['three dimensions', npy('<f4', '(1, 1, 1)', new Uint8Array(4))],
    ['too few bytes', npy('<f4', '(4, 4)', new Uint8Array(60))],
    ['a header cut off', npy('<f4', '(1, 1)', new Uint8Array(4)).subarray(0, 40)],
    ['one dimension', npy('<f4', '(2,)', new Uint8Array(8))],
  ])('refuses %s as reading it whole does', async (_, bytes) => {
    let expected: unknown;
    try {
      matrixOf(readNpy(bytes, 'a.npy'), 'a.npy');
    } catch (error) {
      expected = error;
    }
    const path = await save('refused.npy', bytes);
    await expect(openNpyRows(path, 'a.npy')).rejects.toEqual(expected);
  });

  it('refuses integers beyond 2⁵³ when it comes upon them', async () => {
    const bytes = npy('<i8', '(2, 1)', bytesOf(BigInt64Array.of(1n, 2n ** 60n)));
    const file = await openNpyRows(await save('large.npy', bytes), 'large.npy');
    expect((await file.read(Int32Array.of(0))).data).toEqual(Float64Array.of(1));
    await expect(file.read(Int32Array.of(1))).rejects.toThrow(/large\.npy.*beyond 2⁵³/);
    await file.close();
  });

  it('says so when the file becomes shorter', async () => {
    const path = await save('shorter.npy', npy('<f4', '(4, 4)', new Uint8Array(64)));
    const file = await openNpyRows(path, 'shorter.npy');
    await truncate(path, 150);
    await expect(file.read(Int32Array.of(3))).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('shorter.npy became shorter'),
    });
    await file.close();
  });

  it.each(['nowhere.npy', '.'])('names what cannot be read: %s', async (name) => {
    await expect(openNpyRows(join(folder, name), name)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining(`${name} cannot be read`),
    });
  });
});
