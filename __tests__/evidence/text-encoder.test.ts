import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Evidence, evidenceSchema } from '../../src/evidence/schema.ts';
import { openStore } from '../../src/evidence/store.ts';
import { compareLabelNames } from '../../src/evidence/text-encoder.ts';
import { renderReport } from '../../src/report/index.ts';
import { everydayWords } from '../../src/semantic/everyday-words.ts';
import { reportOf } from '../helpers/render.ts';
import {
  drawRepository,
  edgeNetwork,
  measureText,
  planText,
  type Run,
  stripeManifest,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';
import { everydayRows, frame, type TokenRows, textNetwork, wordPieces } from '../helpers/text-network.ts';

const folders = temporaryFolders();
const rows: TokenRows = {
  ...frame(4),
  ...everydayRows([0, 0, 0, 1]),
  teapot: [5, 0, 0, 12],
  across: [4, 0, 0, 0],
  upright: [0, 0, 5, 0],
  oblique: [0, 1, 0, 0],
  side: [3, 0, 0, 0],
  '##ways': [0, 4, 0, 0],
};
const labels = '{ labels: [oblique, Sideways, Oblique_Side, normal, zzz] }';
const manifest = (textEncoder: string) =>
  stripeManifest({
    candidates: [
      `{ id: edges, weights: weights/edges.onnx, sample: data/near, data: ${labels} }`,
      '{ id: colour, weights: weights/colour.onnx, sample: data/far }',
    ],
    claims: [],
    evidence: `{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 40, seeds: 3, configurations: 2, reference: off, probes: [linear]${textEncoder} }`,
  });
const named = manifest(', text_encoder: { weights: weights/text.onnx, tokenizer: weights/tokenizer.json }');

let folder: string;
let store: string;
let run: Run;
let evidence: Evidence;
beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  await writeFiles(folder, { 'weights/text.onnx': textNetwork(rows), 'weights/tokenizer.json': wordPieces(rows) });
  run = await measureText(folder, named, store);
  evidence = run.evidence!;
}, 60_000);
afterAll(() => folders.clear());

const tableOf = (id: string) => evidence.semantic.find(({ candidate }) => candidate === id)!;

describe('class names by a text encoder', { timeout: 60_000 }, () => {
  it('have the nearest of the source, and beside it what everyday words reach', () => {
    expect(run.problems).toEqual([]);
    expect(evidenceSchema.parse(evidence)).toEqual(evidence);
    const { compared, nearest, empty, unknown } = tableOf('edges').names!;
    expect(compared).toEqual({ target: 2, source: 3, unrelated: everydayWords.length });
    // (4, 0, 0, 0) with side + ##ways = (3, 4, 0, 0) has 3 / 5, with oblique + side = (3, 1, 0, 0) more: 3 / √10. Among
    // everyday words teapot has 5 / 13, the others 0.
    expect(nearest.map(({ target, source }) => [target, source])).toEqual([
      ['across', 'Oblique_Side'],
      ['upright', 'oblique'],
    ]);
    const [across, upright] = nearest;
    expect(across!.cosine).toBeCloseTo(3 / Math.sqrt(10), 6);
    expect(across!.unrelated).toMatchObject({ word: 'teapot' });
    expect(across!.unrelated.highest).toBeCloseTo(5 / 13, 6);
    expect(across!.unrelated.mean).toBeCloseTo(5 / 13 / everydayWords.length, 6);
    expect(across!.bar).toBeCloseTo(5 / 13, 6);
    expect(across!.standsOut).toBe(true);
    expect(upright).toMatchObject({ cosine: 0, bar: 0, standsOut: false });
    expect([empty, unknown]).toEqual([['normal'], ['zzz']]);
    expect(evidence.textEncoder).toMatchObject({ pooling: 'mean_of_tokens', dimension: 4 });
  });

  it('are compared only where both sides have some, and only when the manifest asks', async () => {
    expect(tableOf('colour').names).toBeUndefined();
    const { evidence: without } = await measureText(folder, manifest(''), store);
    expect(JSON.stringify(without)).not.toMatch(/textEncoder|"names"|text_encoder/);
  });

  it('stand in the folded table with their inputs', () => {
    const { comment } = renderReport(reportOf({ manifest: run.loaded.manifest, evidence }));
    const lines = comment.split('\n').filter((line) => line.startsWith('| class name'));
    expect(lines.map((line) => line.replaceAll('\\', '').replace(/\s+\|/g, ' |'))).toEqual([
      `| class name | across | Oblique_Side | nearer than unrelated words | cosine 0.95; bar 0.38: ${everydayWords.length} unrelated words reach 0.00 on average and 0.38 at most (teapot) |`,
      `| class name | upright | oblique | no nearer than unrelated words may be | cosine 0.00; bar 0.00: ${everydayWords.length} unrelated words reach 0.00 on average and 0.00 at most (umbrella) |`,
    ]);
    expect(comment).toContain('the tokenizer does not know them: zzz');
    expect(comment).toContain('on this machine alone');
  });

  it('load no network again once they were embedded', async () => {
    const { plan } = await planText(folder, named, { cacheDir: store });
    const natives = { from: {} };
    const again = await compareLabelNames(plan!.textEncoder!, evidence.semantic, { store: openStore(store), natives });
    expect(again.findings).toEqual([]);
    expect(again.names.get('edges')).toEqual(tableOf('edges').names);
    expect(again.textEncoder).toEqual(evidence.textEncoder);
    const empty = openStore(await folders.make('empty'));
    // From an empty store it would have had to run one, and there is nothing to run it on.
    const anew = await compareLabelNames(plan!.textEncoder!, evidence.semantic, { store: empty, natives });
    expect(anew.findings.map(({ text }) => text)).toEqual([expect.stringContaining('cannot be opened')]);
  });

  it('are planned anew when a file changes', async () => {
    const digest = async (text: string) => (await planText(folder, text, { cacheDir: store })).plan!.digest;
    const before = await digest(named);
    expect(await digest(manifest(''))).not.toBe(before);
    await writeFiles(folder, { 'weights/tokenizer.json': `${wordPieces(rows)}\n` });
    expect(await digest(named)).not.toBe(before);
    await writeFiles(folder, { 'weights/tokenizer.json': wordPieces(rows) });
    expect(await digest(named)).toBe(before);
  });
});

describe('a text encoder that cannot be used', { timeout: 60_000 }, () => {
  const broken = {
    'weights/image.onnx': edgeNetwork(),
    'weights/logits.onnx': textNetwork(rows, { output: 'logits' }),
    'weights/half.json': '{"model":',
  };
  it.each([
    ['weights/txt.onnx', 'weights/tokenizer.json', 'weights/txt.onnx was expected to be an ONNX file. In '],
    ['weights/text.onnx', 'weights/tok.json', 'weights/tok.json was expected to be a .json file. In '],
    [
      'weights/image.onnx',
      'weights/tokenizer.json',
      'image.onnx takes input (float32); int64 input_ids and attention_mask',
    ],
    ['weights/logits.onnx', 'weights/tokenizer.json', 'logits.onnx gives logits, and not one row a text'],
    ['weights/text.onnx', 'weights/half.json', 'half.json was expected to be the tokenizer.json of a text encoder'],
  ])('is one finding: %s with %s', async (weights, tokenizer, said) => {
    await writeFiles(folder, broken);
    const text = manifest(`, text_encoder: { weights: ${weights}, tokenizer: ${tokenizer} }`);
    const { plan, problems } = await planText(folder, text, { cacheDir: store });
    expect(problems).toEqual([]);
    const onnxruntime = await import('onnxruntime-node');
    const { names, findings, textEncoder } = await compareLabelNames(plan!.textEncoder!, evidence.semantic, {
      store: openStore(store),
      natives: { onnxruntime, from: {} },
    });
    expect([names.size, textEncoder]).toEqual([0, undefined]);
    expect(findings.map(({ code, about }) => [code, about])).toEqual([['text_encoder_unusable', 'run']]);
    expect(findings[0]!.text).toContain(said);
  });

  it('leaves everything else measured', async () => {
    await rm(join(folder, 'weights/text.onnx'));
    const { evidence: rest, problems } = await measureText(folder, named, await folders.make('fresh'));
    expect(problems).toEqual([]);
    expect(rest!.findings.filter(({ code }) => code === 'text_encoder_unusable')).toHaveLength(1);
    expect(rest!.measurements.map(({ measure, key }) => [measure, key])).toEqual(
      evidence.measurements.map(({ measure, key }) => [measure, key]),
    );
  });
});
