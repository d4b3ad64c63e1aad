import { describe, expect, it } from 'vitest';
import { equalFiles, groupCopies } from '../../src/dataset/duplicates.ts';
import type { ImageRecord } from '../../src/dataset/types.ts';

const image = (id: string, group = id): ImageRecord => ({ id, file: `/data/${id}`, labels: [0], group });
const groupsOf = (images: ImageRecord[], contents: Record<string, string>) =>
  groupCopies(images, new Map(Object.entries(contents))).map(({ group }) => group);

describe('groupCopies', () => {
  it('puts copies of one image into one group, and leaves the others alone', () => {
    const images = [image('a'), image('b'), image('c')];
    expect(groupsOf(images, { a: 'x', b: 'y', c: 'x' })).toEqual(['a', 'b', 'a']);
  });

  it('joins the patients that share an image, with all their images, through any number of copies', () => {
    const images = [image('1', 'p3'), image('2', 'p2'), image('3', 'p2'), image('4', 'p1'), image('5', 'p4')];
    expect(groupsOf(images, { 1: 'x', 2: 'x', 3: 'y', 4: 'y', 5: 'z' })).toEqual(['p1', 'p1', 'p1', 'p1', 'p4']);
  });

  it('takes files that cannot be read for no copies of each other', () => {
    expect(groupsOf([image('a'), image('b')], { a: 'unreadable ENOENT', b: 'unreadable ENOENT' })).toEqual(['a', 'b']);
  });

  it('gives the same records where there is no copy', () => {
    const images = [image('a'), image('b')];
    expect(
      groupCopies(
        images,
        new Map([
          ['a', 'x'],
          ['b', 'y'],
        ]),
      ),
    ).toEqual(images);
  });
});

describe('equalFiles', () => {
  it('finds the first image of another list with the same bytes, by position', () => {
    const [own, others] = [
      [image('a'), image('b'), image('c')],
      [image('x'), image('y'), image('z')],
    ];
    const contents = new Map([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]);
    const theirs = new Map([
      ['x', '3'],
      ['y', '1'],
      ['z', '1'],
    ]);
    expect([...equalFiles(own, contents, others, theirs)]).toEqual([
      [0, 1],
      [2, 0],
    ]);
  });

  it('finds in one list the first image for the later ones, and takes no unreadable files for equal', () => {
    const own = ['a', 'b', 'c', 'd', 'e'].map((id) => image(id));
    const contents = new Map([
      ['a', '1'],
      ['b', 'unreadable ENOENT'],
      ['c', '1'],
      ['d', 'unreadable ENOENT'],
      ['e', '1'],
    ]);
    expect([...equalFiles(own, contents)]).toEqual([
      [2, 0],
      [4, 0],
    ]);
  });
});
