import { describe, expect, it } from 'vitest';
import { labelOverlap } from '../../src/semantic/labels.ts';

describe('label overlap', () => {
  it('sees through case, punctuation and plural', () => {
    const films = ['Pleural Effusion', 'Cardiomegaly', 'Lung Opacity', 'Edema'];
    const source = ['pleural_effusions', 'lung-opacities', 'Fracture'];
    const { shared, jaccard } = labelOverlap(films, source);
    expect(shared).toEqual(['Pleural Effusion', 'Lung Opacity']);
    // 2 shared of 4 + 3 − 2 different ones.
    expect(jaccard).toBe(2 / 5);
  });

  it('counts a name that stands there twice once', () => {
    expect(labelOverlap(['cat', 'cats', 'dog'], ['Cat'])).toMatchObject({ shared: ['cat'], jaccard: 1 / 2 });
  });

  it('does not guess that other words mean the same', () => {
    expect(labelOverlap(['hydrothorax'], ['pleural effusion'])).toEqual({ shared: [], jaccard: 0, empty: [] });
  });

  it('marks shared names that say nothing of what is shown', () => {
    expect(labelOverlap(['normal', 'pneumonia', '0'], ['Normal', '0', 'pneumonia']).empty).toEqual(['normal', '0']);
  });

  it('has no index without names', () => {
    expect(labelOverlap([], [])).toEqual({ shared: [], jaccard: null, empty: [] });
  });

  it('is 1 for the same names and symmetric', () => {
    expect(labelOverlap(['a', 'b'], ['B', 'A']).jaccard).toBe(1);
    const [some, others] = [
      ['a', 'b', 'c'],
      ['c', 'd'],
    ];
    expect(labelOverlap(some!, others!).jaccard).toBe(labelOverlap(others!, some!).jaccard);
  });
});
