import { describe, expect, it } from 'vitest';
import { appealsOf } from '../../src/manifest/appeals.ts';
import { manifestOf } from '../helpers/evidence.ts';

const of = (justification: unknown) => appealsOf(manifestOf({ chosen: 'a', candidates: ['a', 'b'], justification }));

describe('reasons that take training to answer', () => {
  it.each([
    ['a factor', { summary: 'Size.', factors: { dataset_size: { text: '1 million images.' } } }, ['dataset_size']],
    ['an order', { summary: 'Size.', factors: { dataset_size: { rank: ['a', 'b'] } } }, ['dataset_size']],
    [
      'a claim',
      { summary: 'x', claims: [{ id: 'C1', factor: 'label_quality', text: 'Two readers.', test: 'untestable' }] },
      ['label_quality'],
    ],
    ['words for size', 'It is large enough for us.', ['dataset_size']],
    ['words for labels', 'It has clean labels.', ['label_quality']],
  ])('are told by %s', (_, justification, found) => {
    expect(of(justification)).toEqual(found);
  });

  it('are none where nothing appeals to them or they were not considered', () => {
    expect(of('It looks like our films.')).toEqual([]);
    expect(of({ summary: 'x', factors: { dataset_size: { not_considered: 'No.' } } })).toEqual([]);
  });
});
