import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classBalance } from '../../../src/dataset/properties/class-balance.ts';
import { classCount } from '../../../src/dataset/properties/classes.ts';
import { exactDuplicates } from '../../../src/dataset/properties/exact-duplicates.ts';
import { groupCount } from '../../../src/dataset/properties/groups.ts';
import { imageCount } from '../../../src/dataset/properties/images.ts';
import { missingMetadata } from '../../../src/dataset/properties/missing-metadata.ts';
import { shortSide } from '../../../src/dataset/properties/short-side.ts';
import { sizeOnDisk } from '../../../src/dataset/properties/size-on-disk.ts';
import type { ImageRecord } from '../../../src/dataset/types.ts';

const image = (id: string, labels: number[], group = id): ImageRecord => ({
  id,
  file: `/nowhere/${id}`,
  labels,
  group,
});
const classes = ['cat', 'dog', 'eel'];
const of = (...counts: number[]) =>
  counts.flatMap((count, label) => Array.from({ length: count }, (_, at) => image(`${label}/${at}`, [label])));

describe('class balance', () => {
  it('is 1 for equal classes and 0 when one has all', () => {
    expect(classBalance({ images: of(5, 5, 5), classes }).value).toBeCloseTo(1, 12);
    expect(classBalance({ images: of(9, 0, 0), classes }).value).toBe(0);
  });

  it('is the entropy of the shares over that of equal ones, with the smallest and largest class', () => {
    const { value, details } = classBalance({ images: of(6, 2), classes: ['a', 'b'] });
    // −¾ log₂ ¾ − ¼ log₂ ¼
    expect(value).toBeCloseTo(0.811278, 6);
    expect(details).toEqual({ smallest: 'b', smallestImages: 2, largest: 'a', largestImages: 6 });
  });

  it('counts labels where an image has several', () => {
    const images = [image('1', [0, 1]), image('2', [0]), image('3', [])];
    expect(classBalance({ images, classes: ['a', 'b'] }).value).toBeCloseTo(0.918296, 6);
  });

  it('is refused without two classes', () => {
    for (const one of [classBalance({ images: of(3), classes: ['a'] }), classBalance({ images: [], classes })]) {
      expect(one.value).toBeNull();
      expect(one.refused).toContain('at least 2 classes');
    }
  });
});

describe('counts', () => {
  it('tell images, classes and groups', () => {
    const images = [image('1', [0], 'p1'), image('2', [1], 'p1'), image('3', [], 'p2'), image('4', [1], 'p3')];
    expect(imageCount(images, images.slice(0, 2))).toMatchObject({ value: 4, details: { lookedAt: 2 } });
    expect(classCount({ images, classes, task: 'multiclass' })).toMatchObject({
      value: 3,
      details: { imagesWithoutClass: 1 },
    });
    expect(groupCount({ images, grouped: true })).toMatchObject({ value: 3, details: { largestShare: 0.5 } });
  });

  it('find copies, and copies under another label', () => {
    const images = [image('1', [0]), image('2', [0]), image('3', [1]), image('4', [1]), image('5', [1])];
    const contents = new Map([
      ['1', 'x'],
      ['2', 'x'],
      ['3', 'x'],
      ['4', 'unreadable ENOENT'],
      ['5', 'unreadable ENOENT'],
    ]);
    expect(exactDuplicates(images, contents)).toMatchObject({ value: 2, n: 5, details: { conflicting: 1 } });
  });

  it('name what is not declared, and only what was asked', () => {
    const found = missingMetadata({ licence: false, modality: true, splits: false });
    expect(found).toMatchObject({ value: 2, unit: 'of 3', details: { missing: 'licence, splits' } });
    expect(missingMetadata({ licence: true })).toMatchObject({ value: 0, details: { missing: null } });
  });
});

describe('short sides', () => {
  it('have the quartiles of numpy.percentile', () => {
    // numpy.percentile([10, 20, 30, 40, 100], [25, 50, 75]) and of [1, 2, 3, 4].
    expect(shortSide([100, 10, 40, 20, 30])).toMatchObject({
      value: 30,
      details: { lowerQuartile: 20, upperQuartile: 40, least: 10, most: 100 },
    });
    expect(shortSide([1, 2, 3, 4])).toMatchObject({
      value: 2.5,
      details: { lowerQuartile: 1.75, upperQuartile: 3.25 },
    });
  });

  it('are refused when no image could be read', () => {
    expect(shortSide([])).toMatchObject({ value: null, refused: expect.stringContaining('No image') });
  });
});

describe('size on disk', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'size-'));
    await writeFile(join(folder, 'a.png'), 'abc');
    await writeFile(join(folder, 'b.png'), 'defgh');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is the sum of the files’ bytes, files that are gone apart', async () => {
    const files = ['a.png', 'b.png', 'gone.png'].map((name) => ({ file: join(folder, name) }));
    expect(await sizeOnDisk(files)).toMatchObject({ value: 8, n: 3, details: { gone: 1 } });
  });
});
