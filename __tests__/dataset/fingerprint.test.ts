import { createHash } from 'node:crypto';
import { readdir, readFile, rename, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fingerprint as fingerprintOf, readContents } from '../../src/dataset/fingerprint.ts';
import { openDataset } from '../../src/dataset/open.ts';
import type { Dataset } from '../../src/dataset/types.ts';
import { makeTree } from '../helpers/tree.ts';

const files = { 'd/a/0.png': 'zero', 'd/a/1.png': 'one', 'd/b/2.png': 'two', 'd/b/3.png': 'three' };

async function dataset(content: Record<string, string> = files): Promise<Dataset> {
  const base = await makeTree(content);
  return openDataset('d', { base, roots: [base] });
}
/** Older than what a file system's clock could confuse. */
const settle = () => setTimeout(2100);
const indexIn = async (directory: string) => join(directory, (await readdir(directory))[0]!);

const fingerprint = async (dataset: Dataset, options: { cacheDir?: string } = {}) =>
  fingerprintOf(dataset, await readContents(dataset, options));

describe('fingerprint', () => {
  it('is the SHA-256 of classes, ids, contents, labels, groups and splits', async () => {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const lines = [
      '["dataset",1,["a","b"]]',
      `["a/0.png","${sha('zero')}",[0],"a/0.png",null]`,
      `["a/1.png","${sha('one')}",[0],"a/1.png",null]`,
      `["b/2.png","${sha('two')}",[1],"b/2.png",null]`,
      `["b/3.png","${sha('three')}",[1],"b/3.png",null]`,
    ];
    expect(await fingerprint(await dataset())).toBe(sha(lines.map((line) => `${line}\n`).join('')));
  });

  it('is the same at another place and in another order', async () => {
    const first = await dataset();
    const second = await dataset();
    expect(second.root).not.toBe(first.root);
    expect(await fingerprint({ ...second, images: second.images.toReversed() })).toBe(await fingerprint(first));
  });

  it('changes with each thing it covers', async () => {
    const given = await dataset();
    const [image, ...rest] = given.images;
    const changed = (change: object) => ({ ...given, images: [{ ...image!, ...change }, ...rest] });
    const all = [
      given,
      changed({ id: 'a/00.png' }),
      changed({ labels: [1] }),
      changed({ group: 'p' }),
      changed({ split: 'test' }),
      { ...given, classes: ['a', 'c'] },
      { ...given, images: rest },
      await dataset({ ...files, 'd/b/3.png': 'Three' }),
    ];
    const digests = await Promise.all(all.map((each) => fingerprint(each)));
    expect(new Set(digests).size).toBe(all.length);
  });

  it('covers an image that cannot be read, without stopping', async () => {
    const given = await dataset();
    const before = await fingerprint(given);
    await unlink(given.images[0]!.file);
    const after = await fingerprint(given);
    expect(after).not.toBe(before);
    expect(await fingerprint(given)).toBe(after);
  });

  it('reads files that are larger than its buffer', async () => {
    const large = 'x'.repeat(700_001);
    const first = await fingerprint(await dataset({ ...files, 'd/b/3.png': large }));
    const second = await fingerprint(await dataset({ ...files, 'd/b/3.png': `${large.slice(1)}y` }));
    expect(second).not.toBe(first);
  });
});

describe('the index of contents', () => {
  it('gives the same digest, and is asked instead of the files on the second look', async () => {
    const given = await dataset();
    const cacheDir = await makeTree({});
    const plain = await fingerprint(given);
    await settle();
    expect(await fingerprint(given, { cacheDir })).toBe(plain);

    // An index that says otherwise, and checks out, is believed: so the files were not read.
    const index = await indexIn(cacheDir);
    const body = (await readFile(index, 'utf8'))
      .split('\n')
      .slice(1)
      .join('\n')
      .replace(/[0-9a-f]{64}/, 'f'.repeat(64));
    await writeFile(index, `${createHash('sha256').update(body).digest('hex')}\n${body}`);
    expect(await fingerprint(given, { cacheDir })).not.toBe(plain);

    // One that is damaged is not.
    await writeFile(index, `${createHash('sha256').update(body).digest('hex')}\n${body.replace('f', 'e')}`);
    expect(await fingerprint(given, { cacheDir })).toBe(plain);
  }, 10_000);

  it('notices a change that keeps size and modification time, and a file that takes the place of another', async () => {
    const given = await dataset({ ...files, 'other.bin': 'ONE' });
    const cacheDir = await makeTree({});
    const past = new Date('2020-01-01');
    const [first, second] = given.images.map(({ file }) => file);
    await utimes(first!, past, past);
    await settle();
    const before = await fingerprint(given, { cacheDir });
    await writeFile(first!, 'ZERO');
    await utimes(first!, past, past);
    const changed = await fingerprint(given, { cacheDir });
    expect(changed).not.toBe(before);
    await rename(join(given.root, '../other.bin'), second!);
    expect(await fingerprint(given, { cacheDir })).not.toBe(changed);
  }, 10_000);

  it('remembers nothing of files that were just written', async () => {
    const cacheDir = await makeTree({});
    await fingerprint(await dataset(), { cacheDir });
    expect(await readdir(cacheDir)).toEqual([]);
  });

  it.each(['', '\n', 'not an index', 'deadbeef\n["x"]'])('is rebuilt from %j', async (content) => {
    const given = await dataset();
    const cacheDir = await makeTree({});
    const plain = await fingerprint(given);
    const name = `${createHash('sha256').update(given.root).digest('hex').slice(0, 32)}.jsonl`;
    await writeFile(join(cacheDir, name), content);
    expect(await fingerprint(given, { cacheDir })).toBe(plain);
  });

  it('may have nowhere to be written', async () => {
    const given = await dataset();
    const blocked = await makeTree({ file: '' });
    expect(await fingerprint(given, { cacheDir: join(blocked, 'file/below') })).toBe(await fingerprint(given));
  });
});
