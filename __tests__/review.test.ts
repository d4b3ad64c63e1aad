import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../src/errors.ts';
import { type ReviewOptions, review } from '../src/review.ts';
import {
  drawRepository,
  edgeNetwork,
  edgesBeatColour,
  listen,
  nearIsCloser,
  seesColour,
  seesStripes,
  stripeManifest,
  temporaryFolders,
  writeFiles,
} from './helpers/stripes.ts';

const folders = temporaryFolders();
let folder: string;
let store: string;

beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  await writeFiles(folder, { 'weights/tilted.onnx': edgeNetwork(3) });
});
afterAll(() => folders.clear());

async function reviewOf(text: string, options: Partial<ReviewOptions> = {}) {
  const workspace = options.workspace ?? folder;
  const file = options.manifest ?? 'transfer.yml';
  await writeFiles(workspace, { [file]: text });
  return review({
    mode: 'review',
    manifest: file,
    workspace,
    roots: [],
    device: 'cpu',
    seed: 0,
    offline: true,
    store,
    context: { commit: null, runUrl: null, today: '2026-01-01', reproduce: 'transfer-evidence review' },
    log: listen(),
    ...options,
  });
}

const claim = (id: string, test: string, rest = '') =>
  `{ id: ${id}, factor: performance, text: As drawn., test: ${test}${rest} }`;
const beats = (subject: string, object: string, margin = 0) =>
  `{ measure: probe.linear, subject: ${subject}, relation: greater_than, object: ${object}, margin: ${margin} }`;
const verdictsOf = (result: Awaited<ReturnType<typeof review>>) =>
  Object.fromEntries(result.verdicts!.claims.map(({ claim: { id }, verdict }) => [id, verdict]));

describe('a review', { timeout: 60_000 }, () => {
  it('supports what is so, by measurements of its own', async () => {
    const result = await reviewOf(stripeManifest());
    expect(verdictsOf(result)).toEqual({ C1: 'supported', C2: 'supported' });
    expect(result.decision).toMatchObject({ state: 'supported' });
    expect(result.problems.filter(({ level }) => level === 'error')).toEqual([]);
    expect(result.manifestFile).toBe('transfer.yml');
    expect(result.comment).toContain('C1');
    expect(JSON.parse(result.json)).toMatchObject({ mode: 'review', chosen: 'edges', target: 'stripes' });
    expect(result.html).toContain('<html');
  });

  it('takes it all from the store the second time, and says the same', async () => {
    const first = await reviewOf(stripeManifest());
    const again = await reviewOf(stripeManifest(), { natives: await folders.make('empty') });
    expect(again.cached).toBe(true);
    expect(again.verdicts).toEqual(first.verdicts);
    expect(again.decision).toEqual(first.decision);
  });

  it('wants an answer to a contradiction, and is content with one', async () => {
    const wrong = (rest: string) =>
      stripeManifest({ chosen: 'colour', claims: [claim('C1', beats('colour', 'edges'), rest)] });
    const open = await reviewOf(wrong(''));
    expect(verdictsOf(open)).toEqual({ C1: 'contradicted' });
    expect(open.decision).toMatchObject({ state: 'answer_needed', gate: 'fail' });
    expect(open.decision.action!.text).toContain('response:');
    expect(open.decision.action!.location!.line).toBe(
      wrong('')
        .split('\n')
        .findIndex((line) => line.includes('id: C1')) + 1,
    );

    const answered = await reviewOf(wrong(', response: It is what we can run on the device.'));
    expect(verdictsOf(answered)).toEqual({ C1: 'contradicted' });
    expect(answered.decision.gate).not.toBe('fail');
    expect(answered.decision.problems.map(({ message }) => message).join()).toContain('It is what we can run');
  });

  it('leaves open what these images cannot decide, and counts what nobody can test', async () => {
    const result = await reviewOf(
      stripeManifest({
        candidates: [seesStripes, seesColour, '{ id: tilted, weights: weights/tilted.onnx }'],
        claims: [
          claim('C1', beats('edges', 'tilted', 0.01)),
          claim('C2', 'untestable'),
          claim('C3', '{ measure: embedding.mmd, subject: tilted, relation: closer_than, object: edges }'),
        ],
      }),
    );
    expect(verdictsOf(result)).toEqual({ C1: 'inconclusive', C2: 'untestable', C3: 'no_evidence' });
    expect(result.decision.gate).not.toBe('fail');
    expect(result.verdicts!.claims[0]!.wouldDecide).toBeTruthy();
    expect(result.verdicts!.claims[2]!.because).toContain('tilted');
  });

  it('measures with the built-in encoder where the manifest names none', async () => {
    const similar =
      '{ id: C1, factor: embedding_similarity, text: As drawn., test: { measure: embedding.mmd, subject: edges, relation: closer_than, object: colour } }';
    const result = await reviewOf(
      stripeManifest({
        claims: [similar],
        evidence: '{ images: 40, seeds: 3, configurations: 1, reference: off, probes: [linear] }',
      }),
    );
    expect(result.evidence!.encoders).toMatchObject([{ id: 'scattering' }]);
    expect(verdictsOf(result)).toEqual({ C1: 'supported' });
  });

  it('that only checks touches neither data nor weights', async () => {
    const bare = await folders.make('bare');
    const result = await reviewOf(stripeManifest(), { workspace: bare, mode: 'check', store: join(bare, 'store') });
    expect(result.decision.gate).not.toBe('fail');
    expect(result.decision.state).toBe('documented');
    expect([result.evidence, result.cached]).toEqual([null, false]);
    expect(result.problems.filter(({ level }) => level === 'error')).toEqual([]);
    const measured = await reviewOf(stripeManifest(), { workspace: bare });
    expect(measured.decision).toMatchObject({ state: 'blocked', gate: 'fail' });
    expect(measured.evidence).toBeNull();
    expect(measured.problems.filter(({ level }) => level === 'error').map(({ path }) => path)).toEqual([
      'target.data',
      'candidates[0].weights',
      'candidates[0].sample',
      'candidates[1].weights',
      'candidates[1].sample',
      'evidence.encoders[0]',
    ]);
    await rm(bare, { recursive: true });
  });

  it('reports a manifest that is wrong without measuring anything', async () => {
    const result = await reviewOf(stripeManifest({ chosen: 'nobody' }));
    expect(result.decision).toMatchObject({ state: 'blocked', gate: 'fail' });
    expect(result.problems.map(({ code }) => code)).toContain('unknown-candidate');
    expect([result.evidence, result.verdicts]).toEqual([null, null]);
    expect(result.comment).toContain('nobody');
  });

  it('has no evidence, and no red gate, when weights cannot be downloaded', async () => {
    const remote = `{ id: colour, weights: { ref: 'https://models.invalid/colour.onnx', sha256: ${'f'.repeat(64)} } }`;
    const result = await reviewOf(stripeManifest({ candidates: [seesStripes, remote], claims: [edgesBeatColour] }));
    expect(result.evidence!.findings).toMatchObject([{ code: 'infrastructure', about: 'run' }]);
    expect(result.evidence!.findings[0]!.text).toContain('--offline');
    expect(verdictsOf(result)).toEqual({ C1: 'no_evidence' });
    expect(result.decision).toMatchObject({ state: 'no_evidence' });
    expect(result.decision.gate).not.toBe('fail');
    expect(result.cached).toBe(false);
    expect(result.comment).toContain('models.invalid');
  });

  it('has no evidence, and no red gate, without the native packages', async () => {
    const natives = await folders.make('empty');
    const result = await reviewOf(stripeManifest({ claims: [nearIsCloser] }), {
      natives,
      store: await folders.make('store'),
    });
    expect(result.evidence!.findings).toMatchObject([{ code: 'infrastructure' }]);
    expect(verdictsOf(result)).toEqual({ C2: 'no_evidence' });
    expect(result.decision.gate).not.toBe('fail');
  });

  it('ends at once with the reason it was stopped for', async () => {
    const reason = new TransferEvidenceError('cancelled', 'Stopped by a test.');
    await expect(reviewOf(stripeManifest(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('reads a manifest in .github and data beside the workspace where a root is named', async () => {
    const checkout = await folders.make('checkout');
    const text = stripeManifest({
      target: join(folder, 'data/target'),
      candidates: [`{ id: edges, weights: ${join(folder, 'weights/edges.onnx')} }`],
      claims: [],
      evidence: '{ images: 40, seeds: 3, configurations: 1, encoders: [scattering], reference: off, probes: [linear] }',
    });
    const refused = await reviewOf(text, { workspace: checkout, manifest: '.github/transfer.yml' });
    expect(refused.problems.filter(({ code }) => code === 'path-outside')).toHaveLength(2);
    const result = await reviewOf(text, { workspace: checkout, manifest: '.github/transfer.yml', roots: [folder] });
    expect(result.problems.filter(({ level }) => level === 'error')).toEqual([]);
    expect(result.evidence!.measurements.length).toBeGreaterThan(0);
  });
});
