import { describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../src/dataset/types.ts';
import { groupsAcrossSplits, sharedGroups } from '../../src/integrity/group-leaks.ts';

const image = (id: string, group: string, split?: ImageRecord['split']): ImageRecord => ({
  id,
  file: `/data/${id}`,
  labels: [0],
  group,
  ...(split ? { split } : {}),
});

describe('groups across splits', () => {
  const images = [image('a', 'p2', 'train'), image('b', 'p2', 'test'), image('c', 'p1', 'test'), image('d', 'p1')];

  it('are those with images on two sides; an image without a split is on none', () => {
    expect(groupsAcrossSplits({ images, grouped: true })).toEqual(['p2']);
  });

  it('are none where no groups were declared', () => {
    expect(groupsAcrossSplits({ images, grouped: false })).toEqual([]);
  });

  it('are named once and in order, whatever the number of sides', () => {
    const more = (['test', 'train', 'validation'] as const).flatMap((split) =>
      ['p9', 'p3'].map((group) => image(`${group}${split}`, group, split)),
    );
    expect(groupsAcrossSplits({ images: more, grouped: true })).toEqual(['p3', 'p9']);
  });
});

describe('groups in both datasets', () => {
  const set = (images: ImageRecord[], grouped = true) => ({ images, grouped });
  const target = set([image('sick/00000013_005.png', '00000013'), image('well/00000021_000.png', '00000021')]);

  it('are patients with files named alike in both', () => {
    const source = set([image('x/00000013_011.png', '00000013'), image('x/00000099_000.png', '00000099')]);
    expect(sharedGroups(source, target)).toEqual(['00000013']);
  });

  it('are no equal numbers in files that are named otherwise', () => {
    expect(sharedGroups(set([image('scan-00000013.png', '00000013')]), target)).toEqual([]);
  });

  it('are no short numbers, which every hospital gives', () => {
    const short = set([image('p01_1.png', 'p01')]);
    expect(sharedGroups(short, short)).toEqual([]);
  });

  it('are none where one side declared no groups', () => {
    expect(sharedGroups(set(target.images, false), target)).toEqual([]);
  });
});
