import { describe, expect, it } from 'vitest';
import { anatomy } from '../../src/semantic/anatomy.ts';
import { modalities } from '../../src/semantic/modalities.ts';
import { formsOf } from '../../src/semantic/names.ts';
import { pathBetween, type Vocabulary } from '../../src/semantic/vocabulary.ts';

function steps(vocabulary: Vocabulary, from: string, to: string) {
  const { ancestor, up, down } = pathBetween(vocabulary.find(from)!, vocabulary.find(to)!);
  return [ancestor.name, up, down];
}

describe.each([
  ['modalities', modalities],
  ['anatomy', anatomy],
])('the tree of %s', (_, vocabulary) => {
  it('finds every term by its name and code, and none under another’s', () => {
    for (const term of vocabulary.terms) {
      expect(vocabulary.find(term.name), term.name).toBe(term);
      if (term.code !== null) expect(vocabulary.find(term.code), term.code).toBe(term);
    }
  });

  it('has one root above all', () => {
    const roots = vocabulary.terms.filter(({ above }) => above.length === 0);
    expect(roots).toHaveLength(1);
    for (const { above } of vocabulary.terms.slice(1)) expect(above.at(-1)).toBe(roots[0]);
  });

  it('is symmetric, 0 for a term and itself, and keeps the triangle inequality', () => {
    const { terms } = vocabulary;
    const distance = (a: (typeof terms)[number], b: (typeof terms)[number]) => {
      const { up, down } = pathBetween(a, b);
      return up + down;
    };
    const some = terms.filter((_term, at) => at % 5 === 0);
    for (const a of some) {
      expect(distance(a, a)).toBe(0);
      for (const b of some) {
        expect(distance(a, b)).toBe(distance(b, a));
        if (a !== b) expect(distance(a, b)).toBeGreaterThan(0);
        for (const c of some) expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c));
      }
    }
  });
});

describe('words', () => {
  it.each([
    ['x-ray', 'projection radiography'],
    ['X Ray', 'projection radiography'],
    ['XRAY', 'projection radiography'],
    ['radiographs', 'projection radiography'],
    ['mri', 'magnetic resonance'],
    ['Natural-Photographs', 'natural images'],
    ['whole slide images', 'slide microscopy'],
    ['h&e', 'slide microscopy'],
  ])('%s means %s', (word, name) => {
    expect(modalities.find(word)?.name).toBe(name);
  });

  it.each([
    ['Thorax', 'chest'],
    ['LUNGS', 'lung'],
    ['chest_abdomen', 'chest and abdomen'],
    ['Fundus', 'retina'],
  ])('%s means %s', (word, name) => {
    expect(anatomy.find(word)?.name).toBe(name);
  });

  it.each(['CRX', 'radar', 'chest X-ray', 'M', '', 'computed'])('%s stays unknown, however near it is', (word) => {
    expect(modalities.find(word)).toBeNull();
  });

  it('are told apart by more than a plural', () => {
    expect(formsOf('pin')).toEqual(['pin', 'pins']);
    expect(formsOf('Pine')).toEqual(['pine', 'pines']);
    expect(formsOf('Lung Opacity')[1]).toBe('lungopacities');
    expect(formsOf('+')).toEqual(['+', '+s']);
  });
});

describe('distances', () => {
  it('count edges up to the nearest common term and down', () => {
    expect(steps(modalities, 'CR', 'DX')).toEqual(['projection radiography', 1, 1]);
    expect(steps(modalities, 'CR', 'CT')).toEqual(['X-ray imaging', 2, 1]);
    expect(steps(modalities, 'MR', 'MRI')).toEqual(['magnetic resonance', 0, 0]);
    expect(steps(modalities, 'DX', 'natural photographs')).toEqual(['image', 3, 3]);
    expect(steps(anatomy, 'CHEST', 'LUNG')).toEqual(['chest', 0, 1]);
    expect(steps(anatomy, 'LUNG', 'ABDOMEN')).toEqual(['trunk', 2, 1]);
  });
});
