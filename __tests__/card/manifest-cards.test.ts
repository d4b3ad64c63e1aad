import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ManifestCards, readManifestCards } from '../../src/card/manifest-cards.ts';
import { provenanceOf } from '../../src/evidence/provenance.ts';
import { sawTarget } from '../../src/integrity/weights-saw-target.ts';
import { parseManifest } from '../../src/manifest/load.ts';
import type { Manifest } from '../../src/manifest/schema.ts';
import { makeTree } from '../helpers/tree.ts';

interface Written {
  target?: string;
  candidate?: string;
}

function manifestOf({ target = '', candidate = '' }: Written): Manifest {
  const text = `version: 1\ntarget: { name: our films, data: films${target} }\ncandidates: [{ id: ours, weights: net.onnx${candidate} }]\nchosen: ours\njustification: It is near.\n`;
  const { manifest, problems } = parseManifest(text, 'transfer.yml');
  expect(problems).toEqual([]);
  return manifest!;
}

const card = `---
pretty_name: Slices
license: cc-by-4.0
tags: [ct, chest]
size_categories: 1K<n<10K
dataset_info:
  features:
    - { name: image, dtype: image }
    - name: label
      dtype: { class_label: { names: { '0': nodule, '1': none } } }
  splits: [{ name: train, num_examples: 1200 }]
---
`;

async function readWith(files: Record<string, string>, written: Written): Promise<ManifestCards> {
  const base = await makeTree(files);
  return readManifestCards(manifestOf(written), { base, roots: [base] });
}

describe('what a card says', () => {
  it('fills what the manifest leaves open', async () => {
    const { manifest, paths, notes } = await readWith(
      { 'docs/slices.md': card },
      { candidate: ', card: docs/slices.md' },
    );
    expect(manifest.candidates[0]).toMatchObject({
      coding: { modality: ['CT'], body_part: ['CHEST'] },
      data: {
        name: 'Slices',
        images: 1200,
        classes: 2,
        labels: ['nodule', 'none'],
        task: 'binary',
        license: 'cc-by-4.0',
      },
    });
    expect([...paths].sort()).toEqual(
      ['coding.body_part', 'coding.modality', 'data.classes', 'data.images', 'data.labels', 'data.license']
        .concat('data.name', 'data.task')
        .map((key) => `candidates[0].${key}`),
    );
    expect(notes).toEqual([]);
  });

  it('never takes the place of what is declared, and is told where it is another thing', async () => {
    const declared =
      ', coding: { modality: MR, body_part: lung }, data: { images: 5000, classes: 3, license: MIT, name: Ours }, card: slices.md';
    const { manifest, notes } = await readWith({ 'slices.md': card }, { candidate: declared });
    expect(manifest.candidates[0]).toMatchObject({
      coding: { modality: 'MR', body_part: 'lung' },
      data: { images: 5000, classes: 3, license: 'MIT', name: 'Ours' },
    });
    expect(manifest.candidates[0]!.data!.labels).toBeUndefined();
    expect(notes).toEqual([
      {
        code: 'card_contradictory',
        about: 'ours',
        path: 'candidates[0].card',
        text: 'The manifest and the card of ours, slices.md, say different things: modality MR in the manifest, CT in the card; number of classes 3 in the manifest, 2 in the card; number of images 5000 in the manifest, 1200 in the card; licence MIT in the manifest, cc-by-4.0 in the card. The manifest’s word was taken. Correct the one that is wrong.',
      },
    ]);
  });

  it('does not contradict the same in other words, or in other detail', async () => {
    const declared =
      ', coding: { modality: computed tomography, body_part: lung }, license: CC BY 4.0, data: { images: 1200, task: multiclass }, card: slices.md';
    const { notes } = await readWith({ 'slices.md': card.replace('    - { name: train', '') }, { candidate: declared });
    expect(notes).toEqual([]);
  });

  it('of the target fills its coding and licence, from Croissant as well', async () => {
    const croissant = JSON.stringify({
      '@type': 'sc:Dataset',
      license: 'mit',
      keywords: 'x-ray, hand',
      'rai:dataLimitations': 'Children only.',
    });
    const { manifest, paths, cautions } = await readWith(
      { 'croissant.json': croissant },
      { target: ', croissant: croissant.json, coding: { modality: DX }' },
    );
    expect(manifest.target).toMatchObject({ license: 'mit', coding: { modality: 'DX', body_part: ['HAND'] } });
    expect([...paths].sort()).toEqual(['target.coding.body_part', 'target.license']);
    expect(cautions).toEqual([{ about: 'target', subject: 'limits', text: 'Children only.' }]);
  });

  it('of a network gives the licence of the weights and the only dataset they were trained on', async () => {
    const model = '---\nlicense: apache-2.0\npipeline_tag: image-classification\ndatasets: [timm/imagenet-1k]\n---\n';
    const { manifest } = await readWith({ 'net.md': model }, { candidate: ', card: net.md' });
    expect(manifest.candidates[0]).toMatchObject({
      weights: { ref: 'net.onnx', license: 'apache-2.0' },
      data: { name: 'imagenet-1k' },
    });
    const several = await readWith({ 'net.md': model.replace(']', ', b]') }, { candidate: ', card: net.md' });
    expect(several.manifest.candidates[0]!.data).toBeUndefined();
  });
});

describe('a card that cannot be read', () => {
  it.each([
    [
      'missing',
      ', card: docs/none.md',
      /docs\/none\.md, cannot be used: there is no such file\. In docs there is: slices\.md\.$/,
    ],
    ['outside', ', card: ../secret.md', /leads outside/],
    ['a link to the outside', ', card: link.md', /leads outside/],
    ['a folder', ', card: folder.md', /it is a directory/],
    ['in no known format', ', card: package.json', /neither Croissant/],
  ])('for being %s is one note', async (_, pointer, text) => {
    const base = await makeTree({ 'docs/slices.md': card, 'folder.md/': '', 'package.json': '{"name": "a"}' });
    await symlink('/etc/hostname', join(base, 'link.md'));
    const { notes, paths } = await readManifestCards(manifestOf({ candidate: pointer }), { base, roots: [base] });
    expect(notes).toMatchObject([{ code: 'card_unreadable', about: 'ours', path: 'candidates[0].card' }]);
    expect(notes[0]!.text).toMatch(text);
    expect(paths.size).toBe(0);
  });

  it('is told of a Croissant file that is none, and of a target whose card is a network’s', async () => {
    const files = { 'a.md': '# words\n', 'net.md': '---\nlibrary_name: timm\n---\n' };
    const { notes } = await readWith(files, { target: ', croissant: a.md, card: net.md' });
    expect(notes.map(({ path, text }) => [path, text])).toEqual([
      [
        'target.card',
        'The card of the target, net.md, cannot be used: it describes a network; the target needs the card of its images.',
      ],
      ['target.croissant', 'The card of the target, a.md, cannot be used: it holds no metadata.'],
    ]);
  });

  it.each([
    'https://example.org/card.md',
    'doi:10.1000/182.json',
    '10.1000/182',
    'hf:lab/data',
    'our paper, table 2',
    'a.pdf',
  ])('is not %s: nothing is fetched, and other files are for people', async (pointer) => {
    const { notes } = await readWith({}, { candidate: `, card: "${pointer}"` });
    expect(notes).toEqual([]);
  });
});

describe('weights whose card names the target’s data', () => {
  const network = (datasets: string, base = '[]') =>
    `---\nlibrary_name: timm\ndatasets: ${datasets}\nbase_model: ${base}\n---\n`;
  const dataset = (name: string, rest = '') => `---\npretty_name: ${name}\ntask_categories: [a]\n${rest}---\n`;
  async function seen(target: string, net: string, name = 'our films'): Promise<string | undefined> {
    const base = await makeTree({ 'target.md': target, 'net.md': net });
    const manifest = manifestOf({ target: ', card: target.md', candidate: ', card: net.md' });
    manifest.target.name = name;
    const { candidates, target: own } = provenanceOf(
      manifest,
      await readManifestCards(manifest, { base, roots: [base] }),
    );
    const found = sawTarget(candidates[0]!, own);
    return found && `${found.source} → ${found.target}`;
  }

  it.each([
    ['by its name in the manifest', '# t\n', network('[hospital/Our-Films]'), 'hospital/Our-Films → our films'],
    [
      'by its name in the target’s card',
      dataset('Ward 7 films'),
      network('[ward-7-films, b]'),
      'ward-7-films → Ward 7 films',
    ],
    [
      'as a known dataset',
      dataset('CheXpert'),
      network('[a/b, lab/chexpert_small]'),
      'CheXpert (it says lab/chexpert_small) → CheXpert',
    ],
    [
      'through the network it began as',
      dataset('ImageNet-1k'),
      network('[x]', 'google/vit-base-in21k'),
      'ImageNet-21k (it says google/vit-base-in21k) → ImageNet-1k, of which the two share images',
    ],
    [
      'through what the target is made from',
      dataset('Ours', 'source_datasets: [extended|coco]\n'),
      network('[coco]'),
      'COCO → made from COCO',
    ],
  ])('saw the target, %s', async (_, target, net, expected) => {
    expect(await seen(target, net)).toBe(expected);
  });

  it.each([
    ['only says what is shown', dataset('Chest X-ray'), network('[a/chest-xray]'), 'chest-xray'],
    ['is another dataset', dataset('CIFAR-10'), network('[cifar100]'), 'small photographs'],
    ['is missing', dataset('Ours'), network('[]'), 'our films'],
  ])('did not where the name %s', async (_, target, net, name) => {
    expect(await seen(target, net, name)).toBeUndefined();
  });

  it('did not where another owner has a dataset of the same name', async () => {
    const croissant = JSON.stringify({ '@type': 'sc:Dataset', url: 'https://huggingface.co/datasets/me/wards' });
    expect(await seen(croissant, network('[you/wards]'))).toBeUndefined();
    const base = await makeTree({ 'target.json': croissant, 'net.md': network('[Me/Wards]') });
    const manifest = manifestOf({ target: ', card: target.json', candidate: ', card: net.md' });
    const { candidates, target } = provenanceOf(manifest, await readManifestCards(manifest, { base, roots: [base] }));
    expect(sawTarget(candidates[0]!, target)).toEqual({ source: 'Me/Wards', target: 'me/wards' });
  });
});
