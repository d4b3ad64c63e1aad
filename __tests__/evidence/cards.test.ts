import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/schema.ts';
import { review } from '../../src/review.ts';
import {
  drawRepository,
  listen,
  measureText,
  planText,
  stripeManifest,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';

const folders = temporaryFolders();
const card =
  '---\npretty_name: Stripes\nlicense: cc-by-4.0\ntags: [mri, brain]\ntask_ids: [multi-class-image-classification]\ndataset_info:\n  features:\n    - { name: image, dtype: image }\n    - { name: label, dtype: { class_label: { names: [upright, tilted] } } }\n  splits: [{ name: train, num_examples: 1000 }]\n---\n';
// Fewer than the 40 images that there are.
const targetCard =
  '{ "$schema": "https://atlas.rsna.org/schemas/2025-11/dataset.json", "Dataset": { "Name": "Stripes", "Partitions": [{ "Partition": "Other", "Total": { "Image count": 30, "Patient count": 12 } }] } }';
const manifest = stripeManifest({
  candidates: [
    '{ id: edges, weights: weights/edges.onnx, sample: data/near, card: docs/edges.md, coding: { body_part: knee } }',
    '{ id: colour, weights: weights/colour.onnx, card: docs/none.md }',
  ],
  claims: [],
  summary: 'It has seen many images.',
}).replace(
  '  data: data/target',
  '  data: data/target\n  card: docs/target.json\n  coding: { modality: MR, body_part: HEAD }',
);

let folder: string;
let store: string;
let evidence: Evidence;
beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  await writeFiles(folder, { 'docs/edges.md': card, 'docs/target.json': targetCard });
  evidence = (await measureText(folder, manifest, store)).evidence!;
}, 60_000);
afterAll(() => folders.clear());

describe('evidence where the manifest points to cards', { timeout: 60_000 }, () => {
  it('sets their words beside the target’s, and says where each stands', () => {
    const rows = evidence.semantic.find(({ candidate }) => candidate === 'edges')!.rows;
    const row = (aspect: string) => rows.find((one) => one.aspect === aspect);
    expect(row('modality')).toMatchObject({
      source: ['MR'],
      outcome: 'same',
      from: { target: 'manifest', source: 'card' },
    });
    expect(row('body_part')).toMatchObject({ source: ['knee'], from: { target: 'manifest', source: 'manifest' } });
    expect(row('labels')).toMatchObject({ source: ['upright', 'tilted'], from: { target: 'images', source: 'card' } });
    expect(row('task')).toMatchObject({ source: ['binary'], from: { source: 'card' } });
  });

  it('names what they contradict and which cannot be read, once each', () => {
    const found = evidence.findings.filter(({ code }) => code.startsWith('card_'));
    expect(found.map(({ code, about }) => [code, about])).toEqual([
      ['card_contradictory', 'target'],
      ['card_contradictory', 'edges'],
      ['card_unreadable', 'colour'],
    ]);
    expect(found[0]!.text).toBe(
      'What the manifest and the card declare of the target contradicts itself: 30 images declared and 40 found. Correct one side.',
    );
    expect(found[1]!.text).toContain('body part knee in the manifest, BRAIN in the card');
  });

  it('counts as declared what stands in a card', () => {
    const missing = evidence.properties.find(
      ({ about, property }) => about === 'edges' && property === 'missing_metadata',
    );
    expect(missing!.details.missing).toBe('groups (patients, slides)');
  });

  it('is planned anew when a card changes', async () => {
    const plan = async () => (await planText(folder, manifest, { cacheDir: store })).plan!.digest;
    const before = await plan();
    expect(await plan()).toBe(before);
    await writeFiles(folder, { 'docs/edges.md': card.replace('1000', '2000') });
    expect(await plan()).not.toBe(before);
    await writeFiles(folder, { 'docs/edges.md': card });
    expect(await plan()).toBe(before);
  });

  it('is not needed to check the words: cards are read then, in well under a second', async () => {
    await writeFiles(folder, { 'transfer.yml': manifest });
    const started = performance.now();
    const { problems, json, comment } = await review({
      mode: 'check',
      manifest: 'transfer.yml',
      workspace: folder,
      roots: [],
      device: 'cpu',
      seed: 0,
      offline: true,
      store,
      context: { commit: null, runUrl: null, today: '2026-01-01', reproduce: '' },
      log: listen(),
    });
    expect(performance.now() - started).toBeLessThan(1000);
    const codes = problems.map(({ code, level, location }) => [code, level, location.line]);
    expect(codes).toContainEqual(['card_contradictory', 'note', 8]);
    expect(codes).toContainEqual(['card_unreadable', 'note', 9]);
    // The licence stands in the card.
    expect(problems.map(({ code }) => code)).not.toContain('license_unknown');
    expect(JSON.parse(json).decision.gate).not.toBe('fail');
    expect(comment).toContain('cc-by-4.0 (card)');
    expect(comment).toContain('1,000 images (card)');
  });
});
