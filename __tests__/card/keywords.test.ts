import { describe, expect, it } from 'vitest';
import { isGenericName, shownBy } from '../../src/card/keywords.ts';
import { licencesDiffer } from '../../src/card/licence.ts';

describe('what keywords say the images show', () => {
  it.each([
    [['chest x-ray'], { modality: ['projection radiography'], bodyPart: ['CHEST'], domain: null }],
    [['brain', 'MRI scans'], { modality: ['MR'], bodyPart: ['BRAIN'], domain: null }],
    [['ct', 'lung cancer'], { modality: ['CT'], bodyPart: ['LUNG'], domain: null }],
    [['natural images'], { modality: [], bodyPart: [], domain: 'natural images' }],
    [['x-ray', 'digital radiography'], { modality: ['DX'], bodyPart: [], domain: null }],
  ])('is read of %j', (keywords, shown) => {
    expect(shownBy(keywords)).toEqual(shown);
  });

  it.each([
    'pets',
    'PET',
    'US',
    'es',
    'image',
    'hand-written digits',
    'brain-computer interface',
    'region:us',
    'head-mounted display',
    'medical',
    '',
  ])('is not read of %j', (keyword) => {
    expect(shownBy([keyword])).toEqual({ modality: [], bodyPart: [], domain: null });
  });

  it('tells a name that anybody could give from one of its own', () => {
    expect(['chest-xray', 'brain_tumor_classification', 'CT'].filter(isGenericName)).toHaveLength(3);
    expect(['our-films-2021', 'chexpert', 'cifar10', ''].filter(isGenericName)).toEqual([]);
  });
});

describe('two statements of a licence', () => {
  it.each([
    ['CC-BY-4.0', 'cc-by-4.0'],
    ['CC BY 4.0', 'https://creativecommons.org/licenses/by/4.0/'],
    ['CC-BY-NC-SA-4.0', 'http://creativecommons.org/licenses/by-nc-sa/4.0/legalcode'],
    ['CC0-1.0', 'https://creativecommons.org/publicdomain/zero/1.0/'],
    ['Creative Commons Attribution 4.0 International', 'CC-BY-4.0'],
    ['MIT', 'MIT License'],
    ['MIT', 'https://opensource.org/licenses/MIT'],
    ['Apache-2.0', 'Apache License, Version 2.0'],
    ['BSD-3-Clause', 'https://spdx.org/licenses/BSD-3-Clause.html'],
  ])('%s and %s are one', (a, b) => {
    expect(licencesDiffer(a, b)).toBe(false);
  });

  it('are two where both are known to be', () => {
    expect(licencesDiffer('LicenseRef-RadImageNet', 'CC BY 4.0')).toBe(true);
    expect(licencesDiffer('cc-by-4.0', 'cc-by-nc-4.0')).toBe(true);
    expect(licencesDiffer('https://creativecommons.org/licenses/by/4.0/', 'MIT')).toBe(true);
  });

  it('are not compared where one is an address of something else', () => {
    expect(licencesDiffer('LicenseRef-hospital', 'https://hospital.example/terms')).toBeNull();
  });
});
