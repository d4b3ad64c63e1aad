import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/dataset/open.ts';
import { emptyImages, makeTree } from '../helpers/tree.ts';

const open = (base: string, source: Parameters<typeof openDataset>[0], options = {}) =>
  openDataset(source, { base, roots: [base], ...options });
const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'dataset-invalid', message: expect.stringMatching(message) });

describe('a folder per class', () => {
  it('lists images in code-unit order with their class, any depth below it', async () => {
    const base = await makeTree({
      'd/b/2.PNG': '',
      'd/b/deep/er/1.jpeg': '',
      'd/Z/x.tif': '',
      'd/Z/y.webp': '',
    });
    const { images, classes, task, grouped, root } = await open(base, 'd');
    expect(classes).toEqual(['Z', 'b']);
    expect([task, grouped, root]).toEqual(['binary', false, join(base, 'd')]);
    expect(images).toEqual([
      { id: 'Z/x.tif', file: join(base, 'd/Z/x.tif'), labels: [0], group: 'Z/x.tif' },
      { id: 'Z/y.webp', file: join(base, 'd/Z/y.webp'), labels: [0], group: 'Z/y.webp' },
      { id: 'b/2.PNG', file: join(base, 'd/b/2.PNG'), labels: [1], group: 'b/2.PNG' },
      { id: 'b/deep/er/1.jpeg', file: join(base, 'd/b/deep/er/1.jpeg'), labels: [1], group: 'b/deep/er/1.jpeg' },
    ]);
  });

  it('passes over hidden files, other files and what archivers leave', async () => {
    const base = await makeTree({
      ...emptyImages('d/a', 2),
      ...emptyImages('d/b', 2),
      'd/.git/x.png': '',
      'd/__MACOSX/a/._0.png': '',
      'd/a/.DS_Store': '',
      'd/a/._0.png': '',
      'd/a/notes.txt': '',
      'd/README.md': '',
    });
    expect((await open(base, 'd')).images.map(({ id }) => id)).toEqual(['a/0.png', 'a/1.png', 'b/0.png', 'b/1.png']);
  });

  it('calls three classes multiclass', async () => {
    const base = await makeTree({ ...emptyImages('d/a', 2), ...emptyImages('d/b', 2), ...emptyImages('d/c', 2) });
    expect((await open(base, 'd')).task).toBe('multiclass');
    await expect(open(base, 'd', { task: 'binary' })).rejects.toEqual(
      invalid(/task type is binary: expected exactly two classes in d; found 3 classes \(a, b, c\)/),
    );
    await expect(open(base, 'd', { task: 'multilabel' })).rejects.toEqual(invalid(/label columns/));
  });

  it('takes the group from the file name', async () => {
    const base = await makeTree({
      'd/a/p1_0.png': '',
      'd/a/p2_0.png': '',
      'd/b/p1_1.png': '',
      'd/b/deep/p3_1.png': '',
    });
    const { images, grouped } = await open(base, { format: 'folder', path: 'd', group_pattern: '^(p\\d+)_' });
    expect(grouped).toBe(true);
    expect(images.map(({ group }) => group)).toEqual(['p1', 'p2', 'p3', 'p1']);
  });

  it.each([
    ['^(q\\d+)_', /finds no group in 4 file names of 4: 0.png/],
    ['^p\\d+_', /captures nothing/],
    ['(', /not a regular expression/],
  ])('refuses the group pattern %s', async (group_pattern, message) => {
    const base = await makeTree({ ...emptyImages('d/a', 2), ...emptyImages('d/b', 2) });
    await expect(open(base, { format: 'folder', path: 'd', group_pattern })).rejects.toEqual(invalid(message));
  });

  it('stops a group pattern that runs away', async () => {
    const base = await makeTree({ [`d/a/${'a'.repeat(60)}.png`]: '', 'd/a/1.png': '', ...emptyImages('d/b', 2) });
    await expect(open(base, { format: 'folder', path: 'd', group_pattern: '^((a+)+)$' })).rejects.toEqual(
      invalid(/takes too long/),
    );
  });

  it('says what lies near a folder that is missing', async () => {
    const base = await makeTree({ 'data/target/a/0.png': '', 'data/models/': '' });
    await expect(open(base, 'data/targte/images')).rejects.toMatchObject({
      code: 'dataset-missing',
      message: /at data\/targte\/images; nothing is there\. In data there is: target, models\./,
    });
  });

  it.each([
    ['no images', { 'd/a/notes.txt': '' }, /found none/],
    ['an empty class', { ...emptyImages('d/a', 2), ...emptyImages('d/b', 2), 'd/c/': '' }, /1 class of 3 .*: c\./],
    ['a single class', emptyImages('d/a', 3), /at least two classes in d; found only a with 3 images/],
    ['a class that occurs once', { ...emptyImages('d/a', 2), 'd/b/0.png': '' }, /1 class has one: b/],
    ['a flat folder', emptyImages('d', 3), /3 images of 3 lie directly in it/],
    [
      'splits for classes',
      { ...emptyImages('d/train/a', 2), ...emptyImages('d/Test/a', 2) },
      /Test, train look like splits/,
    ],
  ])('refuses %s as a target', async (_, files, message) => {
    await expect(open(await makeTree(files), 'd')).rejects.toEqual(invalid(message));
  });

  it('names at most five of many', async () => {
    const files = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`d/c${i}/0.png`, '']));
    await expect(open(await makeTree(files), 'd')).rejects.toEqual(
      invalid(/9 classes have one: c0, c1, c2, c3, c4 and 4 more/),
    );
  });

  it('refuses CSV columns that it would not read', async () => {
    const base = await makeTree({ ...emptyImages('d/a', 2), ...emptyImages('d/b', 2) });
    await expect(open(base, { format: 'folder', path: 'd', group: 'patient' })).rejects.toEqual(
      invalid(/group .*format: csv/),
    );
  });

  it('says that a file is no folder', async () => {
    await expect(open(await makeTree({ 'd.csv': '' }), 'd.csv')).rejects.toEqual(invalid(/format: csv, path: d\.csv/));
  });
});

describe('a sample of a source', () => {
  const sample = { labelled: false };

  it.each([
    ['a flat folder', emptyImages('d', 3), 'unlabelled', []],
    ['one class', emptyImages('d/a', 3), 'unlabelled', []],
    ['images in and beside classes', { ...emptyImages('d/a', 3), 'd/0.png': '' }, 'unlabelled', []],
    ['splits', { ...emptyImages('d/train/a', 3), 'd/val/b/0.png': '' }, 'unlabelled', []],
    ['classes, one of them with one image', { ...emptyImages('d/a', 3), 'd/b/0.png': '' }, 'binary', ['a', 'b']],
    ['classes and an empty folder', { ...emptyImages('d/a', 3), 'd/b/0.png': '', 'd/c/': '' }, 'binary', ['a', 'b']],
  ])('may be %s', async (_, files, task, classes) => {
    const dataset = await open(await makeTree(files), 'd', sample);
    expect([dataset.task, dataset.classes]).toEqual([task, classes]);
    expect(dataset.images.length).toBeGreaterThanOrEqual(3);
  });

  it('still has to hold images', async () => {
    await expect(open(await makeTree({ 'd/': '' }), 'd', sample)).rejects.toEqual(invalid(/found none/));
  });
});

describe('links in a folder', () => {
  it('are followed where they stay inside the roots', async () => {
    const base = await makeTree({ ...emptyImages('d/a', 2), ...emptyImages('store/b', 2), 'store/1.png': '' });
    await symlink('../store/b', join(base, 'd/b'));
    await symlink('../../store/1.png', join(base, 'd/a/link.png'));
    const { images } = await open(base, 'd');
    expect(images.map(({ id }) => id)).toEqual(['a/0.png', 'a/1.png', 'a/link.png', 'b/0.png', 'b/1.png']);
    expect(images[2]!.file).toBe(join(base, 'store/1.png'));
  });

  it.each([
    ['an image', 'secret.png', 'd/a/link.png'],
    ['a directory', 'secrets', 'd/b/more'],
  ])('are refused when they lead to %s outside', async (_, target, link) => {
    const other = await makeTree({ 'secret.png': '', ...emptyImages('secrets', 2) });
    const base = await makeTree({ ...emptyImages('d/a', 2), ...emptyImages('d/b', 2) });
    await symlink(join(other, target), join(base, link));
    await expect(open(base, 'd')).rejects.toMatchObject({
      code: 'path-outside',
      message: expect.stringMatching(new RegExp(`^${link} leads outside .*\`data-roots\``)),
    });
    expect((await open(base, 'd', { roots: [base, other] })).images.length).toBeGreaterThan(4);
  });

  it('do not go round in circles', async () => {
    const base = await makeTree({ ...emptyImages('d/a', 2), ...emptyImages('d/b', 2) });
    await symlink('..', join(base, 'd/a/up'));
    const { images } = await open(base, 'd');
    expect(images.map(({ id }) => id)).toEqual(['a/0.png', 'a/1.png', 'b/0.png', 'b/1.png']);
  });

  it('to images that were never fetched are named', async () => {
    const base = await makeTree({ ...emptyImages('d/a', 2), 'd/b/': '' });
    await mkdir(join(base, 'd/c'));
    await symlink('../../.git/annex/objects/x', join(base, 'd/b/x.png'));
    await expect(open(base, 'd')).rejects.toEqual(invalid(/1 link in d lead nowhere: b\/x\.png.*git-annex/));
  });
});
