import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { evidenceSchema } from '../../src/evidence/schema.ts';
import { readMarker } from '../../src/github/marker.ts';
import { type ResultsStandIn, startResults } from '../helpers/results.ts';
import { openScene, type Scene } from '../helpers/scene.ts';
import { drawRepository } from '../helpers/stripes.ts';
import { drawImages } from '../helpers/tiny-images.ts';
import { filters, scoreOf, tuned, weightsOnly, writeNetworks } from '../helpers/tuned.ts';

// The shipped dist/index.js measuring small sets of pictures.
vi.setConfig({ testTimeout: 120_000 });

const manifest = (relation: string, response = ''): string => `version: 1
target:
  name: grey-films
  data: data/target
candidates:
  - id: near
    sample: data/near
    license: CC0-1.0
  - id: far
    sample: data/far
    license: CC0-1.0
chosen: near
justification:
  summary: The near source has the grey values of our films.
  claims:
    - id: C1
      factor: visual_similarity
      text: Its lightness is closer to our films.
      test: ${relation}
${response}evidence:
  images: 40
  seeds: 3
`;
const right = '{measure: visual.lightness, subject: near, relation: closer_than, object: far}';
const wrong = '{measure: visual.lightness, subject: far, relation: closer_than, object: near}';

let scene: Scene;
let results: ResultsStandIn;
beforeAll(async () => {
  scene = await openScene();
  results = await startResults();
});
beforeEach(async () => {
  scene.reset();
  results.denied = false;
  const data = path.join(scene.workspace(), 'data');
  await drawImages(path.join(data, 'target/a'), 20, { grey: 90, spread: 20 });
  await drawImages(path.join(data, 'target/b'), 20, { grey: 100, spread: 25 });
  await drawImages(path.join(data, 'near'), 40, { grey: 96, spread: 22 });
  await drawImages(path.join(data, 'far'), 40, { grey: 200, spread: 10 });
});
afterAll(async () => {
  await results.close();
  await scene.close();
});

const review = (pull: { number: number; sha: string }, job: Parameters<Scene['onPullRequest']>[1] = {}) =>
  scene.onPullRequest(pull, { ...job, inputs: { mode: 'review', device: 'cpu', offline: 'true', ...job.inputs } });

describe('measuring', () => {
  it('supports what is so, keeps the evidence in the Actions cache, and measures nothing the second time', async () => {
    const pull = await scene.pullRequest(manifest(right));
    const first = await review(pull, { env: results.env });
    expect(first.code).toBe(0);
    expect(first.outputs).toMatchObject({ supported: '1', contradicted: '0', 'cache-hit': 'false' });
    expect(results.keys()).toEqual([
      expect.stringMatching(/^transfer-evidence-v\d+-linux-\w+-[0-9a-f]{12}-[0-9a-f]{64}$/),
    ]);
    const [comment] = await scene.github.comments(pull.number);
    expect(readMarker(comment!.body)).toMatchObject({ mode: 'review', commit: pull.sha });

    // Another machine: nothing of the first run's folders is left.
    rmSync(path.join(path.dirname(scene.workspace()), 'runner'), { recursive: true });
    scene.github.seen.length = 0;
    const second = await review(pull, { env: results.env });
    expect(second.outputs).toMatchObject({ supported: '1', 'cache-hit': 'true', 'comment-id': String(comment!.id) });
    expect(scene.github.writes()).toEqual([]);
    expect(results.keys()).toHaveLength(1);

    // Another plan on yet another machine: what the images look like is known, so none of them is read.
    rmSync(path.join(path.dirname(scene.workspace()), 'runner'), { recursive: true });
    const sha = await pull.push(manifest(right).replace('seeds: 3', 'seeds: 4'));
    const edited = await review({ ...pull, sha }, { env: results.env });
    expect(edited.outputs).toMatchObject({ supported: '1', 'cache-hit': 'false' });
    expect([first, edited].map(({ log }) => /^Reading .*: \d+ of \d+$/m.test(log))).toEqual([true, false]);
    expect(results.keys()).toHaveLength(2);

    // A check of the same commit has less to say than the review.
    const reviewed = await scene.github.comments(pull.number);
    await scene.onPullRequest({ ...pull, sha });
    expect(await scene.github.comments(pull.number)).toEqual(reviewed);
  });

  it('asks for an answer to a contradicted claim, and passes with one', async () => {
    const pull = await scene.pullRequest(manifest(wrong));
    const red = await review(pull, { environment: 'self-hosted' });
    expect(red.code).toBe(1);
    expect(red.outputs).toMatchObject({ state: 'answer_needed', gate: 'fail', contradicted: '1' });

    const sha = await pull.push(
      manifest(wrong, '      response: We know; the near source has a licence that suits us.\n'),
    );
    const answered = await review({ ...pull, sha }, { environment: 'self-hosted' });
    expect(answered.code).toBe(0);
    // The words changed, not what was measured: a machine of one's own still has it.
    expect(answered.outputs).toMatchObject({ contradicted: '1', 'cache-hit': 'true' });
  });

  it('is none the worse for a cache that it may not use', async () => {
    results.denied = true;
    const pull = await scene.pullRequest(manifest(right));
    const result = await review(pull, { env: results.env });
    expect(result.code).toBe(0);
    expect(result.outputs).toMatchObject({ supported: '1', 'cache-hit': 'false' });
  });

  it('does not fail for a machine without the native packages', async () => {
    const pull = await scene.pullRequest(manifest(right));
    const result = await review(pull, { inputs: { 'runtime-path': './nowhere' }, environment: 'self-hosted' });
    expect(result.code).toBe(0);
    expect(result.outputs).toMatchObject({ gate: expect.stringMatching(/pass|warn/), 'no-evidence': '1' });
  });

  it('keeps what a cancelled job has trained, and trains the rest in the next', async () => {
    rmSync(path.join(scene.workspace(), 'data'), { recursive: true });
    await drawRepository(scene.workspace());
    await writeNetworks(scene.workspace(), { filters: filters() });
    const pull = await scene.pullRequest(tuned({ candidates: weightsOnly('edges', 'filters') }));
    const runner = path.join(path.dirname(scene.workspace()), 'runner');
    const trained = () => {
      const folder = path.join(runner, '_temp/transfer-evidence-store/training-run');
      return existsSync(folder)
        ? readdirSync(folder, { recursive: true }).filter((name) => /json$/.test(`${name}`))
        : [];
    };
    const before = results.keys().length;
    const cancelled = await review(pull, { env: results.env, cancelWhen: () => trained().length >= 3 });
    expect(cancelled).toMatchObject({ code: -1, log: expect.stringContaining('is kept'), problems: [] });
    const kept = trained();
    expect(kept.length).toBeLessThan(12);
    expect(results.keys()).toHaveLength(before + 1);

    // Another machine: nothing of the first run's folders is left.
    rmSync(runner, { recursive: true });
    const restored = await review(pull, { env: results.env, cancelWhen: () => trained().length > 0 });
    expect(trained()).toEqual(expect.arrayContaining(kept));
    expect(restored.problems).toEqual([]);
    const last = await review(pull, { env: results.env });
    expect(last).toMatchObject({ code: 0, outputs: { 'cache-hit': 'false' }, problems: [] });
    expect(trained()).toHaveLength(12);
  });

  it('fine-tunes networks, each in a thread of its own, and trains nothing the second time', async () => {
    rmSync(path.join(scene.workspace(), 'data'), { recursive: true });
    await drawRepository(scene.workspace());
    await writeNetworks(scene.workspace(), { filters: filters() });
    const pull = await scene.pullRequest(tuned({ candidates: weightsOnly('edges', 'filters') }));
    const result = await review(pull, { environment: 'self-hosted' });
    expect(result.code).toBe(0);
    const evidence = evidenceSchema.parse(
      JSON.parse(readFileSync(path.join(result.outputs['report-path']!, 'evidence.json'), 'utf8')),
    );
    expect(evidence.findings.filter(({ code }) => code === 'infrastructure')).toEqual([]);
    expect(evidence.probes).toMatchObject([{ measure: 'probe.finetune', runs: 12, run: { seeds: 3, steps: 60 } }]);
    expect(scoreOf(evidence, 'edges').estimate!.value).toBe(1);
    const comments = await scene.github.comments(pull.number);
    expect(comments[0]!.body).toContain('Fine-tuning probe');
    expect((await review(pull, { environment: 'self-hosted' })).outputs).toMatchObject({ 'cache-hit': 'true' });
  });
});
