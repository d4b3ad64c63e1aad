import { describe, expect, it } from 'vitest';
import { datasetsNamed, knownDatasets, shareImages } from '../../src/integrity/known-datasets.ts';
import { type Provenance, sawTarget } from '../../src/integrity/weights-saw-target.ts';

const of = (name: string | null, hints: string[] = [], doi: string | null = null): Provenance => ({ name, doi, hints });

describe('weights that saw the target', () => {
  it.each([
    ['the file’s name', of(null, ['imagenet-twin', 'resnet20_cifar10']), of('cifar10')],
    ['the name of the data', of('CIFAR-10'), of('ten photographs', ['cifar10'])],
    ['one name in two spellings', of('Our films 2021'), of('our-films-2021')],
    ['the candidate’s id', of(null, ['nih-cxr']), of('ChestX-ray14 subset')],
    ['a dataset that the target is part of', of('ImageNet-1k'), of('Imagenette')],
    ['a dataset that is part of the target', of('ChestX-ray8'), of('MedNIST')],
    ['one DOI', of('A', [], '10.1000/182'), of('B', [], 'https://doi.org/10.1000/182')],
  ])('are known by %s', (_, weights, target) => {
    expect(sawTarget(weights, target)).toBeDefined();
  });

  it.each([
    ['CIFAR-100 and CIFAR-10', of('CIFAR-100', ['resnet20_cifar100']), of('cifar10')],
    ['RadImageNet and ImageNet', of('RadImageNet', ['radimagenet']), of('imagenet')],
    ['ImageNet-V2 and ImageNet', of('ImageNet-1k', ['imagenet']), of('ImageNet-V2')],
    ['a name that only mentions another', of('ImageNet-1k'), of('photographs for ImageNet transfer')],
    ['something in the style of a dataset', of('ImageNet-style synthetic images'), of('imagenet')],
    ['names that are not told', of(null, ['resnet50']), of('chest-xray', ['target'])],
    ['two DOIs', of('A', [], '10.1000/182'), of('B', [], '10.1000/183')],
  ])('are not concluded from %s', (_, weights, target) => {
    expect(sawTarget(weights, target)).toBeUndefined();
  });

  it('are told with what was declared', () => {
    expect(sawTarget(of(null, ['resnet20_cifar10']), of('cifar10'))).toEqual({
      source: 'CIFAR-10 (it says resnet20_cifar10)',
      target: 'CIFAR-10',
    });
  });
});

describe('the list of known datasets', () => {
  it('has no name twice, and every name as texts are read', () => {
    const names = Object.values(knownDatasets).flatMap(({ names: own }) => [...own]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+$/);
  });

  it('reads the longest name', () => {
    expect(datasetsNamed('tiny-imagenet-200', { whole: true })).toEqual(['Tiny ImageNet']);
    expect(datasetsNamed('vit_imagenet21k_then_chexpert.onnx', { whole: false })).toEqual(['ImageNet-21k', 'CheXpert']);
  });

  it('shares images through a part of a part, both ways round, and not between two parts', () => {
    expect(shareImages('PatchCamelyon', 'Camelyon16')).toBe(true);
    expect(shareImages('ImageNet-1k', 'ImageNet-21k')).toBe(true);
    expect(shareImages('ChestMNIST', 'PathMNIST')).toBe(false);
  });
});
