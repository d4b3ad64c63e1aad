import { mkdir, mkdtemp, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/evidence/store.ts';
import { matrix } from '../../src/matrix.ts';

const key = 'ab'.padEnd(64, '0');
const fresh = async () => openStore(await mkdtemp(join(tmpdir(), 'store-')));
const files = async (directory: string) =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('the evidence store', () => {
  it('gives back what was written, of either number type', async () => {
    const store = await fresh();
    const single = matrix(Float32Array.of(1.5, -2, 3, 4, 5, 6), 2, 3);
    await store.writeMatrix(key, single);
    expect(await store.readMatrix(key)).toEqual(single);
    const double = matrix(Float64Array.of(Math.PI, 1e-300), 1, 2);
    await store.writeMatrix(key, double);
    expect(await store.readMatrix(key)).toEqual(double);
    await store.writeJson('evidence', key, { a: [1, 'ü'] });
    expect(await store.readJson('evidence', key)).toEqual({ a: [1, 'ü'] });
  });

  it('tells the keys of one kind that start alike', async () => {
    const store = await fresh();
    expect(await store.keysOf('target', 'ab')).toEqual([]);
    for (const name of ['abc-2', 'abc-1', 'abd-1', 'cd-1']) await store.writeJson('target', name, 1);
    await store.writeJson('evidence', 'abc-3', 1);
    await writeFile(join(store.directory, 'target', 'ab', 'abc-4.json.0f.tmp'), 'half');
    expect(await store.keysOf('target', 'abc-')).toEqual(['abc-1', 'abc-2']);
    expect(await store.keysOf('target', 'ab')).toEqual(['abc-1', 'abc-2', 'abd-1']);
  });

  it('keeps only the part of a shared buffer that the matrix is', async () => {
    const store = await fresh();
    const buffer = Float32Array.of(9, 9, 1, 2, 9);
    await store.writeMatrix(key, matrix(buffer.subarray(2, 4), 1, 2));
    expect((await store.readMatrix(key))?.data).toEqual(Float32Array.of(1, 2));
  });

  it('reads an absent, cut or changed entry as absent', async () => {
    const store = await fresh();
    expect(await store.readJson('evidence', key)).toBeUndefined();
    await store.writeJson('evidence', key, { value: 1 });
    const [file] = await files(store.directory);
    const content = await readFile(file!);
    await writeFile(file!, content.subarray(0, -1));
    expect(await store.readJson('evidence', key)).toBeUndefined();
    content[content.length - 2]! ^= 1;
    await writeFile(file!, content);
    expect(await store.readJson('evidence', key)).toBeUndefined();
  });

  it('removes the state of a run that nobody went on with for a week', async () => {
    const store = await fresh();
    await store.writeMatrix(key, matrix(Float32Array.of(1), 1, 1), 'unfinished-run');
    await store.writeMatrix(key, matrix(Float32Array.of(2), 1, 1));
    const old = new Date(Date.now() - 8 * 86_400_000);
    for (const file of await files(store.directory)) await utimes(file, old, old);
    await store.prune(new Date());
    expect(await store.readMatrix(key, 'unfinished-run')).toBeUndefined();
    expect((await store.readMatrix(key))?.data).toEqual(Float32Array.of(2));
    await store.removeMatrix(key, 'features');
    expect(await store.readMatrix(key)).toBeUndefined();
  });

  it('removes what nobody read for two months, and nothing else', async () => {
    const store = await fresh();
    await store.writeJson('evidence', key, 1);
    await store.writeJson('evidence', 'cd'.padEnd(64, '0'), 2);
    const old = new Date(Date.now() - 61 * 86_400_000);
    await utimes(
      (await files(store.directory)).find((file) => file.includes('abab') || file.includes('/ab/'))!,
      old,
      old,
    );
    const others = ['weights/ab.onnx', 'locales/en/common.json', 'evidence/en/common.json'];
    for (const file of others.map((name) => join(store.directory, name))) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, 'not its own');
      await utimes(file, old, old);
    }
    await store.prune(new Date());
    for (const name of others) expect(await readFile(join(store.directory, name), 'utf8')).toBe('not its own');
    expect(await store.readJson('evidence', key)).toBeUndefined();
    expect(await store.readJson('evidence', 'cd'.padEnd(64, '0'))).toBe(2);
  });
});
