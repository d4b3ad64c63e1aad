import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '../../src/dataset/open.ts';
import { emptyImages, makeTree } from '../helpers/tree.ts';

type Columns = Partial<Extract<Parameters<typeof openDataset>[0], object>>;

const table = [
  'path,label,patient,split',
  'i/0.png,cat,p1,train',
  'i/1.png,dog,p1,test',
  'i/2.png,cat,p2,',
  'i/3.png,dog,p3,val',
];

async function open(csv: string | Uint8Array, columns: Columns = { label: 'label' }, options = {}) {
  const base = await makeTree({ 'data/list.csv': csv, ...emptyImages('data/i', 6) });
  return openDataset({ format: 'csv', path: 'data/list.csv', ...columns }, { base, roots: [base], ...options });
}
const invalid = (message: RegExp) =>
  expect.objectContaining({ code: 'dataset-invalid', message: expect.stringMatching(message) });
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('a CSV file', () => {
  it('lists the images with class, group and split, relative to the file', async () => {
    const dataset = await open(table.join('\n'), { label: 'label', group: 'patient', split: 'split' });
    const { root, images } = dataset;
    expect(dataset).toMatchObject({ classes: ['cat', 'dog'], task: 'binary', grouped: true });
    expect(images).toEqual([
      { id: 'i/0.png', file: join(root, 'i/0.png'), labels: [0], group: 'p1', split: 'train' },
      { id: 'i/1.png', file: join(root, 'i/1.png'), labels: [1], group: 'p1', split: 'test' },
      { id: 'i/2.png', file: join(root, 'i/2.png'), labels: [0], group: 'p2' },
      { id: 'i/3.png', file: join(root, 'i/3.png'), labels: [1], group: 'p3', split: 'validation' },
    ]);
  });

  it('says the same whatever the order of its rows', async () => {
    const [header, ...rows] = table;
    const forward = await open(table.join('\n'));
    const backward = await open([header, ...rows.toReversed()].join('\n'));
    const told = ({ images, classes }: typeof forward) => [images.map(({ id, labels }) => [id, labels]), classes];
    expect(told(backward)).toEqual(told(forward));
  });

  it.each([
    ['a byte-order mark', `\ufeff${table.join('\n')}`],
    ['CRLF and a blank last line', `${table.join('\r\n')}\r\n\r\n`],
    ['CR alone', table.join('\r')],
    ['semicolons', table.join('\n').replaceAll(',', ';')],
    ['tabs and empty fields', table.join('\n').replaceAll(',', '\t')],
    ['quotes', table.join('\n').replaceAll(/[^,\n]+/g, '"$&"')],
    ['spaces round the fields', table.join('\n').replaceAll(',', ' , ')],
    ['UTF-16 as Excel writes it', utf16(table.join('\r\n').replaceAll(',', '\t'))],
    ['backslashes', table.join('\n').replaceAll('/', '\\')],
    ['./ before the paths', table.join('\n').replaceAll('i/', './i/../i/')],
  ])('may have %s', async (_, csv) => {
    const { images, classes } = await open(csv, { label: 'label', group: 'patient', split: 'split' });
    expect(images.map(({ id, labels, group }) => [id, labels[0], group])).toEqual([
      ['i/0.png', 0, 'p1'],
      ['i/1.png', 1, 'p1'],
      ['i/2.png', 0, 'p2'],
      ['i/3.png', 1, 'p3'],
    ]);
    expect(classes).toEqual(['cat', 'dog']);
  });

  it('keeps separators and quotes inside quoted fields', async () => {
    const csv = ['path,"label; with, marks"', 'i/0.png,"a, ""b"""', 'i/1.png,"a, ""b"""', 'i/2.png,c', 'i/3.png,c'];
    expect((await open(csv.join('\n'), { label: 'label; with, marks' })).classes).toEqual(['a, "b"', 'c']);
  });

  it.each([
    [
      'a missing column, with the nearest first',
      table.join('\n'),
      { label: 'labl' },
      /no column "labl" \(label\)\. Columns, nearest first: label, path/,
    ],
    [
      'a missing image column',
      table.join('\n').replace('path', 'file_path'),
      { label: 'label' },
      /no column "path" \(image\).*file_path/,
    ],
    [
      'a column that is there twice',
      table.join('\n').replace('patient', 'label'),
      { label: 'label' },
      /more than once/,
    ],
    ['label and labels together', table.join('\n'), { label: 'label', labels: ['patient'] }, /both given/],
    ['no label for a target', table.join('\n'), {}, /expected label .* Columns: path, label, patient, split/],
    [
      'an empty label',
      table.join('\n').replace('dog', ''),
      { label: 'label' },
      /"label" is empty in 1 row of 4: line 3/,
    ],
    [
      'an empty group',
      table.join('\n').replace('p2', ''),
      { label: 'label', group: 'patient' },
      /"patient" is empty in 1 row of 4: line 4/,
    ],
    [
      'another split',
      table.join('\n').replace('val', 'holdout'),
      { label: 'label', split: 'split' },
      /"holdout" in line 5; expected train, validation, test/,
    ],
    ['a row too long', `${table.join('\n')},x`, { label: 'label' }, /Invalid Record Length.*line 5/],
    [
      'a row that is repeated',
      `${table.join('\n')}\n./i/1.png,cat,p9,`,
      { label: 'label' },
      /1 image named more than once: i\/1.png \(lines 3 and 6\)/,
    ],
    ['an empty path', table.join('\n').replace('i/1.png', ''), { label: 'label' }, /path is empty in line 3/],
    [
      'a directory for an image',
      table.join('\n').replace('i/1.png', 'i'),
      { label: 'label' },
      /line 3 names the directory i/,
    ],
    ['an empty file', '', { label: 'label' }, /the file is empty/],
    ['a header alone', 'path,label\n', { label: 'label' }, /but no row/],
    ['Latin-1', Buffer.from('path,label\ni/0.png,Überbein\n', 'latin1'), { label: 'label' }, /not UTF-8/],
    ['a class that occurs once', table.slice(0, 4).join('\n'), { label: 'label' }, /1 class has one: dog/],
  ])('refuses %s', async (_, csv, columns, message) => {
    await expect(open(csv, columns)).rejects.toEqual(invalid(message));
  });

  it('names images that do not exist', async () => {
    await expect(open(`${table.join('\n')}\ni/nine.png,cat,p,\nj/x.png,cat,p,`)).rejects.toMatchObject({
      code: 'dataset-missing',
      message:
        /2 images of 6 in data\/list.csv do not exist: i\/nine.png, j\/x.png\. Paths are relative to the CSV file/,
    });
  });

  it.each(['../../secret.png', '/etc/hostname', 'out/secret.png', 'secret.png'])(
    'does not follow %s outside',
    async (path) => {
      const outer = await makeTree({
        'secret.png': '',
        'repo/list.csv': [`path,label`, `${path},a`].join('\n'),
        'repo/sub/': '',
      });
      const base = join(outer, 'repo');
      await symlink(outer, join(base, 'out'));
      await symlink('../secret.png', join(base, 'secret.png'));
      await expect(
        openDataset({ format: 'csv', path: 'list.csv', label: 'label' }, { base, roots: [base] }),
      ).rejects.toMatchObject({ code: 'path-outside', message: expect.stringContaining(`${path} (list.csv, line 2)`) });
    },
  );

  it('reads images beside its folder where the roots allow it', async () => {
    const base = await makeTree({
      'lists/a.csv': 'path,label\n../i/0.png,a\n../i/1.png,a\n../i/2.png,b\n../i/3.png,b\n',
      ...emptyImages('i', 4),
    });
    const { images } = await openDataset(
      { format: 'csv', path: 'lists/a.csv', label: 'label' },
      { base, roots: [base] },
    );
    expect(images[0]).toMatchObject({ id: '../i/0.png', file: join(base, 'i/0.png') });
  });

  it('takes groups from the file names as folders do', async () => {
    const { images } = await open(table.join('\n'), { label: 'label', group_pattern: '^(\\d)' });
    expect(images.map(({ group }) => group)).toEqual(['0', '1', '2', '3']);
  });

  it('is asked for by name when the path is a folder', async () => {
    const base = await makeTree({ 'd/b.csv': '', 'd/a.csv': '' });
    await expect(openDataset({ format: 'csv', path: 'd', label: 'x' }, { base, roots: [base] })).rejects.toEqual(
      invalid(/found a folder with a.csv, b.csv/),
    );
  });

  it('needs no label as a sample of a source, and no label in every row', async () => {
    const plain = await open('path\ni/0.png\ni/1.png\n', {}, { labelled: false });
    expect([plain.task, plain.images.map(({ labels }) => labels)]).toEqual(['unlabelled', [[], []]]);
    const partly = await open('path,l\ni/0.png,a\ni/1.png,\ni/2.png,b\n', { label: 'l' }, { labelled: false });
    expect(partly.images.map(({ labels }) => labels)).toEqual([[0], [], [1]]);
  });
});

describe('label columns', () => {
  const rows = [
    'path,effusion,fracture,mass',
    'i/0.png,1,0,1.0',
    'i/1.png,1.0,,1',
    'i/2.png,0,1,0.0',
    'i/3.png,,1.0,0',
    'i/4.png,0,0,0',
  ];
  const labels = ['effusion', 'fracture', 'mass'];

  it('hold 1 and 0, and nothing is 0', async () => {
    const { images, classes, task } = await open(rows.join('\n'), { labels });
    expect([classes, task]).toEqual([labels, 'multilabel']);
    expect(images.map((image) => image.labels)).toEqual([[0, 2], [0, 2], [1], [1], []]);
  });

  it.each([
    [
      'uncertain findings, with the number of rows',
      rows.join('\n').replaceAll('1.0', '-1.0'),
      /"effusion" holds -1.0, "uncertain", in 1 row \(first in line 3\)/,
    ],
    ['other numbers', rows.join('\n').replace('1.0', '2'), /"mass" holds "2" in line 2; expected 0, 1 or nothing/],
    ['words', rows.join('\n').replace('i/0.png,1', 'i/0.png,yes'), /"effusion" holds "yes" in line 2/],
    [
      'one value only',
      rows.join('\n').replace('1,0,1.0', '1,0,0').replace('1.0,,1', '1,,0'),
      /1 column holds one value in all 5 rows: mass \(0\)/,
    ],
    ['a single 1', rows.join('\n').replace('i/0.png,1', 'i/0.png,0'), /one side has a single image: effusion/],
  ])('refuse %s', async (_, csv, message) => {
    await expect(open(csv, { labels })).rejects.toEqual(invalid(message));
  });

  it('do not fit another task', async () => {
    await expect(open(rows.join('\n'), { labels }, { task: 'multiclass' })).rejects.toEqual(
      invalid(/task type is multiclass.*found 3 label columns, which is multilabel/),
    );
  });
});
