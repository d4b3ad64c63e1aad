import { describe, expect, it } from 'vitest';
import { contradictionsOf, type DatasetCard } from '../../src/semantic/card.ts';
import { colourConflict } from '../../src/semantic/colour.ts';
import { type Aspect, compareCards } from '../../src/semantic/compare.ts';

const silent: DatasetCard = {
  modality: [],
  bodyPart: [],
  domain: null,
  acquisition: null,
  task: null,
  labels: [],
  from: {},
  classes: null,
  images: null,
  patients: null,
};
const films: DatasetCard = {
  ...silent,
  modality: ['CR', 'DX'],
  bodyPart: ['CHEST'],
  domain: 'frontal chest radiographs',
  task: 'multilabel',
  labels: ['Edema', 'Pleural Effusion', 'Cardiomegaly'],
  classes: 3,
};
const imagenet: DatasetCard = {
  ...silent,
  modality: ['XC'],
  domain: 'natural photographs',
  task: 'multiclass',
  classes: 1000,
  images: 1_281_167,
};
const radimagenet: DatasetCard = {
  ...silent,
  modality: ['CT', 'MR', 'US'],
  bodyPart: ['Lungs', 'abdomen', 'knee'],
  task: 'multiclass',
  labels: ['Pneumothorax', 'Pleural effusions', 'Normal'],
  images: 1_350_000,
  patients: 131_872,
};

const row = (aspect: Aspect, target: DatasetCard, source: DatasetCard) =>
  compareCards(target, source).find((one) => one.aspect === aspect)!;

describe('what two cards declare', () => {
  it('is set side by side with the way between the nearest terms', () => {
    expect(row('modality', films, radimagenet)).toMatchObject({
      target: ['CR', 'DX'],
      source: ['CT', 'MR', 'US'],
      outcome: 'different',
      paths: [
        { target: 'CR', source: 'CT', ancestor: 'X-ray imaging', up: 2, down: 1 },
        { target: 'DX', source: 'CT', ancestor: 'X-ray imaging', up: 2, down: 1 },
      ],
    });
    expect(row('modality', films, imagenet)).toMatchObject({
      outcome: 'different',
      paths: [{ ancestor: 'image', up: 3, down: 3 }, { ancestor: 'image' }],
    });
  });

  it('is nested where one names a part of the other', () => {
    expect(row('body_part', films, radimagenet)).toMatchObject({
      outcome: 'nested',
      paths: [{ target: 'CHEST', source: 'Lungs', up: 0, down: 1 }],
    });
  });

  it('is the same in other words for the same term', () => {
    const own = row('modality', { ...silent, modality: ['MR', 'CT'] }, { ...silent, modality: ['ct scan', 'MRI'] });
    expect(own).toMatchObject({ outcome: 'same', shared: ['MR', 'CT'], unknown: [] });
    expect(row('modality', { ...silent, modality: ['MR', 'CT'] }, { ...silent, modality: ['MRI'] }).outcome).toBe(
      'overlap',
    );
  });

  it('stays undecided with a word that is in no vocabulary, and names it', () => {
    expect(row('modality', films, { ...silent, modality: ['xeroradiogram'] })).toMatchObject({
      outcome: 'undecided',
      paths: [],
      unknown: ['xeroradiogram'],
    });
    expect(row('domain', films, imagenet)).toMatchObject({
      outcome: 'undecided',
      unknown: ['frontal chest radiographs'],
    });
    const both = { ...silent, modality: ['Xeroradiogram'] };
    expect(row('modality', both, { ...silent, modality: ['xero-radiogram'] }).outcome).toBe('same');
  });

  it('compares labels, task and number of classes', () => {
    expect(row('labels', films, radimagenet)).toMatchObject({
      outcome: 'overlap',
      shared: ['Pleural Effusion'],
      jaccard: 1 / 5,
    });
    expect(row('task', films, radimagenet)).toMatchObject({ outcome: 'different', shared: [] });
    expect(row('classes', films, imagenet)).toMatchObject({ outcome: 'different', target: ['3'], source: ['1000'] });
    expect(row('classes', films, radimagenet).outcome).toBe('not_declared');
  });

  it('is nothing where neither side says anything, and not declared where one is silent', () => {
    expect(compareCards(silent, silent)).toEqual([]);
    expect(compareCards(films, silent).every(({ outcome }) => outcome === 'not_declared')).toBe(true);
    expect(compareCards(films, silent).some(({ jaccard }) => jaccard !== undefined)).toBe(false);
  });
});

describe('contradictions of a card', () => {
  it('are none in cards that fit together', () => {
    for (const card of [silent, films, imagenet, radimagenet]) expect(contradictionsOf(card, 300)).toEqual([]);
  });

  it.each<[string, Partial<DatasetCard>, number | null, string]>([
    ['more labels than classes', { classes: 2, labels: ['a', 'b', 'c'] }, null, '2 classes declared and 3 named'],
    [
      'more labels among the images',
      { classes: 2, labels: ['a', 'b', 'c'], from: { labels: 'images' } },
      9,
      'found in the images',
    ],
    ['a name twice', { labels: ['Edema', 'edema'] }, null, '1 class name is declared more than once'],
    ['a binary task', { task: 'binary', classes: 14 }, null, 'a binary task declared with 14 classes'],
    ['a multiclass task', { task: 'multiclass', classes: 1 }, null, 'declared with 1 class'],
    ['patients', { patients: 20, images: 10 }, null, '20 patients declared with 10 images'],
    ['a sample larger than all', { images: 100 }, 300, '100 images declared and 300 found'],
    ['modality and domain', { modality: ['CT'], domain: 'natural photographs' }, null, 'CT'],
  ])('%s', (_, change, images, text) => {
    const found = contradictionsOf({ ...silent, ...change }, images);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(text);
  });

  it('are not seen between modality and a domain that fits or is unknown', () => {
    expect(contradictionsOf({ ...silent, modality: ['CT'], domain: 'X-ray imaging' }, null)).toEqual([]);
    expect(contradictionsOf({ ...silent, modality: ['CT'], domain: 'things' }, null)).toEqual([]);
  });
});

describe('declared modality against the colour of the images', () => {
  const images = (grey: number, all: number) => Array.from({ length: all }, (_, at) => at < grey);

  it('conflict when most images are in colour and the modality is grey', () => {
    const conflict = colourConflict(['CR', 'mammograms'], images(10, 100));
    expect(conflict).toMatchObject({ expected: 'grey', greyShare: 0.1, images: 100 });
    expect(conflict!.high).toBeLessThan(0.5);
  });

  it('conflict when most images are grey and the modality is in colour', () => {
    expect(colourConflict(['natural photographs'], images(95, 100))).toMatchObject({ expected: 'colour' });
    expect(colourConflict(['ES'], images(3, 100))).toBeNull();
  });

  it('do not conflict as expected, in doubt, or with few images', () => {
    expect(colourConflict(['MR'], images(100, 100))).toBeNull();
    expect(colourConflict(['MR'], images(45, 100))).toBeNull();
    expect(colourConflict(['MR'], images(0, 2))).toBeNull();
    expect(colourConflict(['MR'], [])).toBeNull();
  });

  it('are not judged for modalities of either kind, unknown words or mixtures', () => {
    for (const modality of [['US'], ['OP'], ['SM'], [], ['CT', 'a new kind'], ['CT', 'XC']])
      expect(colourConflict(modality, images(0, 100))).toBeNull();
  });
});
