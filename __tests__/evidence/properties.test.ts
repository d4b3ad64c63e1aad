import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/schema.ts';
import { evidenceSchema } from '../../src/evidence/schema.ts';
import { drawRepository, measureText, type Run, stripeManifest, temporaryFolders } from '../helpers/stripes.ts';

const folders = temporaryFolders();
const near =
  '{ id: edges, weights: weights/edges.onnx, sample: data/near, coding: { modality: MRI, body_part: brain }, data: { images: 1000, labels: [upright, tilted], task: binary } }';
const far = '{ id: colour, weights: weights/colour.onnx, sample: data/far, license: MIT, coding: { modality: XC } }';
const manifest = (summary: string) =>
  stripeManifest({ candidates: [near, far], claims: [], summary }).replace(
    '  data: data/target',
    '  data: data/target\n  coding: { modality: MR, body_part: HEAD }',
  );
let folder: string;
let store: string;
let run: Run;
let evidence: Evidence;

beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  run = await measureText(folder, manifest('It is large enough.'), store);
  evidence = run.evidence!;
}, 60_000);
afterAll(() => folders.clear());

const property = (about: string, name: string) =>
  evidence.properties.find((one) => one.about === about && one.property === name);

describe('evidence on the datasets', { timeout: 60_000 }, () => {
  it('holds what the list of images tells', () => {
    expect(property('target', 'images')).toMatchObject({ value: 40, details: { lookedAt: 40 } });
    expect(property('target', 'class_balance')!.value).toBeCloseTo(1, 9);
    expect(property('target', 'groups')).toMatchObject({ value: 40, details: { declared: false } });
    expect(property('target', 'bytes')!.value).toBeGreaterThan(40 * 100);
    expect(property('edges', 'classes')).toMatchObject({ value: 2, details: { task: 'binary' } });
    expect(property('edges', 'short_side')).toMatchObject({ value: 16, n: 30 });
    expect(property('edges', 'exact_duplicates')).toMatchObject({ value: 0 });
  });

  it('holds how diverse each set is at equally many images', () => {
    for (const about of ['target', 'edges', 'colour']) {
      const found = property(about, 'diversity')!;
      expect(found, about).toMatchObject({ n: 30, unit: 'effective images', details: { encoder: 'small' } });
      expect(found.value).toBeGreaterThan(1);
      expect(found.value).toBeLessThan(30);
      expect(found.low).toBeLessThan(found.value!);
      expect(found.high).toBeGreaterThan(found.value!);
    }
  });

  it('names what is not declared', () => {
    expect(property('target', 'missing_metadata')!.details.missing).toBe(
      'licence, description (card, DOI), groups (patients, slides), splits',
    );
    expect(property('colour', 'missing_metadata')!.details.missing).not.toContain('licence');
  });

  it('doubts labels by the probe with the highest score, out of fold', () => {
    const found = property('target', 'label_issues')!;
    // Edges tell the two classes apart without a mistake, and every label is as it was drawn.
    expect(found).toMatchObject({ value: 0, low: 0, n: 40, details: { model: 'edges', clean: false } });
    expect(found.high).toBeCloseTo(0.0876, 3);
  });

  it('draws a learning curve where size is a reason', () => {
    const found = property('target', 'learning_curve')!;
    expect(found.details).toMatchObject({ model: 'edges', quarterImages: 8, halfImages: 16, allImages: 32 });
    const score = evidence.measurements.find((m) => m.measure === 'probe.linear' && m.candidate === 'edges')!;
    expect(found.details.allScore).toBe(score.estimate!.value);
    expect(found.value).toBeCloseTo(Number(found.details.allScore) - Number(found.details.halfScore), 12);
  });

  it('draws none where it is not, and trains nothing again', async () => {
    const other = await measureText(folder, manifest('It looks alike.'), store);
    const names = other.evidence!.properties.map((one) => one.property);
    expect(names).not.toContain('learning_curve');
    expect(names).toContain('label_issues');
    expect(other.told.steps.has('Training linear probes')).toBe(false);
  });

  it('is drawn again when only a declaration changes', async () => {
    const changed = manifest('It is large enough.').replace('body_part: HEAD', 'body_part: KNEE');
    const other = await measureText(folder, changed, store);
    expect(other.cached).toBe(false);
    const rows = other.evidence!.semantic[0]!.rows;
    expect(rows.find(({ aspect }) => aspect === 'body_part')!.outcome).toBe('different');
  });

  it('is read from evidence that has none, as before', () => {
    const { semantic: _semantic, properties: _properties, ...older } = evidence;
    expect(evidenceSchema.parse(older)).toMatchObject({ semantic: [], properties: [] });
  });
});

describe('evidence on what is declared', () => {
  const row = (candidate: string, aspect: string) =>
    evidence.semantic.find((table) => table.candidate === candidate)!.rows.find((one) => one.aspect === aspect);

  it('sets each candidate beside the target', () => {
    expect(row('edges', 'modality')).toMatchObject({ target: ['MR'], source: ['MRI'], outcome: 'same' });
    expect(row('edges', 'body_part')).toMatchObject({
      outcome: 'nested',
      paths: [{ target: 'HEAD', source: 'brain', ancestor: 'head (HEAD)', up: 0, down: 1 }],
    });
    expect(row('edges', 'labels')).toMatchObject({ shared: ['upright'], jaccard: 1 / 3 });
    expect(row('edges', 'task')).toMatchObject({ outcome: 'same' });
    expect(row('colour', 'modality')).toMatchObject({ outcome: 'different' });
  });

  it('finds grey images under a modality that is in colour, and nothing against the others', () => {
    const found = evidence.findings.filter(({ code }) => code === 'modality_and_colour_disagree');
    expect(found.map(({ about }) => about)).toEqual(['colour']);
    expect(found[0]!.text).toMatch(
      /^XC is declared for colour, which is in colour, but 100 % of its 30 images are grey/,
    );
  });

  it('finds cards that contradict the images', async () => {
    const text = manifest('It is large enough.').replace('images: 1000', 'images: 10');
    const other = await measureText(folder, text, store);
    expect(other.evidence!.findings.find(({ code }) => code === 'card_contradictory')).toMatchObject({
      about: 'edges',
      text: 'What the manifest declares of edges contradicts itself: 10 images declared and 30 found. Correct one side.',
    });
  });

  it('doubts the labels of a source only where their quality is a reason', async () => {
    const labelled = stripeManifest({
      candidates: [near, far.replace('data/far', 'data/target')],
      claims: [],
      summary: 'It has clean labels.',
    });
    const other = await measureText(folder, labelled, store);
    const doubted = other.evidence!.properties.filter((one) => one.property === 'label_issues');
    expect(doubted.map(({ about, details }) => `${about} by ${details.model}`)).toEqual([
      'target by edges',
      'edges by small',
      'colour by small',
    ]);
    expect(doubted[2]!.value).toBe(0);
  });
});
