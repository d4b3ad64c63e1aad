import { describe, expect, it } from 'vitest';
import { recogniseCard } from '../../src/card/recognise.ts';
import { sizeLimit } from '../../src/manifest/decode.ts';
import { seededRandom } from '../../src/random.ts';

const read = (text: string | Uint8Array) => {
  const bytes = Buffer.from(text as string);
  return recogniseCard(bytes, bytes.length);
};
const whyOf = (text: string | Uint8Array) => {
  const found = read(text);
  return found !== 'nothing' && 'why' in found ? found.why : found;
};

const bomb = (levels: number) =>
  `---\nlicense: mit\na0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: levels }, (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]\n`).join('')}---\n`;

describe('a card that cannot be read', () => {
  it.each([
    ['nothing', '', /it is empty/],
    ['no end of the front matter', '---\nlicense: mit\n# Films\n', /no end/],
    ['broken YAML', '---\nlicense: mit\ntags: [a\n---\n', /YAML is not valid in line [34]/],
    ['a list for a mapping', '---\n- a\n- b\n---\n', /no mapping/],
    ['a bomb of aliases', bomb(9), /aliases expand/],
    ['an alias in itself', '---\nlicense: &a [*a]\n---\n', /aliases expand/],
    ['depth', `---\ntags: ${'['.repeat(40)}${']'.repeat(40)}\n---\n`, /nested too deeply/],
    ['cut JSON', '{"@type": "sc:Dataset", "name": ', /no valid JSON/],
    ['endless brackets', '['.repeat(500_000), /no valid JSON/],
    ['a list', '[]', /it holds a list/],
    ['other JSON', '{"name": "package", "license": "MIT"}', /neither Croissant/],
    ['binary', Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0, 1, 2), /NUL/],
    ['Latin-1', Uint8Array.of(0x2d, 0x2d, 0x2d, 0x0a, 0xe9, 0x0a), /not UTF-8/],
  ])('is told for %s', (_, text, why) => {
    expect(whyOf(text)).toMatch(why);
  });

  it('is told for its size without being read', () => {
    expect(recogniseCard(Buffer.from('{}'), sizeLimit + 1)).toMatchObject({ why: expect.stringMatching(/1\.0 MB/) });
  });

  it('is not a text that has no metadata', () => {
    expect(read('# Films\n\nTaken in 2021: all of them.\n')).toBe('nothing');
    expect(read('---\ntitle: a page\n---\ntext')).toBe('nothing');
  });
});

describe('a card that is damaged', () => {
  const cards = [
    '---\npretty_name: Films\nlicense: [cc-by-4.0]\ntags: [ct, lung]\nsize_categories: 1K<n<10K\ndataset_info:\n  features:\n    - name: image\n      dtype: image\n    - name: label\n      dtype:\n        class_label:\n          names: {0: a, 1: b}\n  splits: [{name: train, num_examples: 12}]\n---\n# Films\n',
    JSON.stringify({
      '@type': 'sc:Dataset',
      name: 'slices',
      license: { url: 'https://spdx.org/licenses/MIT' },
      keywords: ['CT'],
      recordSet: [{ dataType: 'sc:Enumeration', '@id': 'k', data: [{ 'k/name': 'a' }, { 'k/name': 'b' }] }],
    }),
    JSON.stringify({
      $schema: 'https://atlas.rsna.org/schemas/2025-11/dataset.json',
      Dataset: {
        Name: 'Bones',
        Indexing: { Content: ['CT'], Keywords: ['hand'] },
        Imaging: { Modalities: ['Computed tomography (RID10321)'] },
        Partitions: [{ Partition: 'Test', Total: { 'Image count': 3 } }],
      },
    }),
  ];
  const wrong = [
    'null',
    '0',
    '-1',
    '1e308',
    '[]',
    '{}',
    '[[]]',
    '{"@id": {}}',
    '"\\u0000"',
    'true',
    '"a"',
    '""',
    '__proto__',
  ];

  it('is read, passed over or refused, and never thrown at, however it was cut or mixed up', () => {
    const random = seededRandom(7, 'cards');
    let readable = 0;
    for (let round = 0; round < 3000; round++) {
      let text = cards[round % cards.length]!;
      const at = () => Math.floor(random.next() * text.length);
      if (random.next() < 0.3) text = text.slice(0, at());
      for (let change = Math.floor(random.next() * 4); change > 0; change--) {
        const from = at();
        const insert = random.next() < 0.5 ? wrong[Math.floor(random.next() * wrong.length)]! : text.slice(at(), at());
        text = text.slice(0, from) + insert + text.slice(from + Math.floor(random.next() * 12));
      }
      const found = read(text);
      if (found === 'nothing' || 'why' in found) continue;
      readable += 1;
      const { names, labels, modality, bodyPart, license, images, patients, classes } = found.facts;
      for (const word of [...names, ...labels, ...modality, ...bodyPart, license ?? 'x']) {
        expect(word).toMatch(/^\P{Cc}{1,200}$/u);
        expect(word.trim()).toBe(word);
      }
      for (const count of [images?.least ?? 1, images?.most ?? 1, patients ?? 1, classes ?? 1])
        expect(count).toSatisfy((value: number) => Number.isFinite(value) && value >= 1);
    }
    expect(readable).toBeGreaterThan(500);
  });

  it('with values of any other type is read without them', () => {
    for (const value of wrong.slice(0, -1)) {
      const found = read(
        `{"@type": "sc:Dataset", "name": ${value}, "license": ${value}, "keywords": ${value}, "recordSet": ${value}}`,
      );
      expect(found).toHaveProperty('facts');
    }
  });
});
