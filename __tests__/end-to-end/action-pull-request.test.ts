import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mark, readMarker } from '../../src/github/marker.ts';
import { markerFor } from '../../src/report/index.ts';
import { documented, undocumented } from '../helpers/manifests.ts';
import { openScene, type Scene } from '../helpers/scene.ts';

// The shipped dist/index.js, run as a runner would run it, against a GitHub on this machine.
vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
beforeEach(() => scene.reset());
afterAll(() => scene.close());

describe('on a pull request', () => {
  it('creates one comment, and says the same in the summary, the files and the outputs', async () => {
    const pull = await scene.pullRequest(documented);
    const result = await scene.onPullRequest(pull);
    expect(result.code).toBe(0);
    const [comment, ...others] = await scene.github.comments(pull.number);
    expect(others).toEqual([]);
    expect(comment!.user.login).toBe('github-actions[bot]');
    expect(readMarker(comment!.body)).toMatchObject({
      marker: markerFor('transfer.yml'),
      mode: 'check',
      commit: pull.sha,
    });
    expect(result.outputs).toMatchObject({
      state: 'documented',
      gate: 'pass',
      contradicted: '0',
      'comment-id': String(comment!.id),
      'cache-hit': 'false',
    });
    const report = JSON.parse(readFileSync(result.outputs['report-json']!, 'utf8')) as unknown;
    expect(report).toBeTypeOf('object');
    expect(result.summary).toContain('radimagenet');
  });

  it('updates it after a push that changes the answer, and leaves it alone after one that does not', async () => {
    const pull = await scene.pullRequest(undocumented);
    expect((await scene.onPullRequest(pull)).code).toBe(1);
    const sha = await pull.push(documented);
    expect((await scene.onPullRequest({ ...pull, sha })).code).toBe(0);
    const comments = await scene.github.comments(pull.number);
    expect(comments).toHaveLength(1);
    expect(readMarker(comments[0]!.body)).toMatchObject({ commit: sha });

    scene.github.seen.length = 0;
    expect((await scene.onPullRequest({ ...pull, sha })).code).toBe(0);
    expect(scene.github.writes()).toEqual([]);
  });

  it('fails an undocumented choice after the outputs are set, on the manifest’s line', async () => {
    const pull = await scene.pullRequest(undocumented);
    const result = await scene.onPullRequest(pull);
    expect(result.code).toBe(1);
    expect(result.outputs).toMatchObject({ state: 'undocumented', gate: 'fail' });
    expect(result.outputs['comment-url']).toMatch(/^http/);
    const errors = result.annotations.filter(({ level }) => level === 'error');
    expect(errors).toContainEqual(expect.objectContaining({ file: 'transfer.yml', title: 'undocumented' }));
  });

  it('turns red into a warning with warn-only', async () => {
    const result = await scene.onPullRequest(await scene.pullRequest(undocumented), {
      inputs: { 'warn-only': 'true' },
    });
    expect(result.code).toBe(0);
    expect(result.outputs.gate).toBe('fail');
    expect(result.annotations.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('names an unknown key with its place, and keeps to ten annotations when there are many', async () => {
    const many = Array.from({ length: 14 }, (_, index) => `unknown_${index}: 1\n`).join('');
    const result = await scene.onPullRequest(await scene.pullRequest(documented.replace('chosen:', 'choosen:') + many));
    expect(result.code).toBe(1);
    expect(result.annotations.length).toBeLessThanOrEqual(10);
    expect(result.annotations[0]).toMatchObject({ level: 'error', file: 'transfer.yml', line: expect.any(String) });
    expect(result.log).toMatch(/\d+ more in the summary/);
  });

  it('comments on each of several manifests', async () => {
    const pull = await scene.pullRequest(documented, 'tasks/a.yml');
    writeFileSync(path.join(scene.workspace(), 'tasks/b.yml'), undocumented);
    const result = await scene.onPullRequest(pull, { inputs: { manifest: 'tasks/*.yml' } });
    expect(result.outputs).toMatchObject({ gate: 'fail', state: 'undocumented' });
    expect(result.outputs['comment-id']!.split('\n')).toHaveLength(2);
    expect(result.outputs['report-json']!.split('\n')).toHaveLength(2);
    expect(await scene.github.comments(pull.number)).toHaveLength(2);
  });

  it('reports nowhere but in the summary when a newer push has overtaken it', async () => {
    const pull = await scene.pullRequest(documented);
    await pull.push(documented);
    const result = await scene.onPullRequest(pull);
    expect(result.log).toMatch(/has moved on/);
    expect(await scene.github.comments(pull.number)).toEqual([]);
    expect(result.summary).toContain('radimagenet');
  });

  it('leaves a person’s comment with our marker alone', async () => {
    const pull = await scene.pullRequest(documented);
    const about = { marker: markerFor('transfer.yml'), mode: 'check' as const, commit: pull.sha };
    const foreign = mark('Ours, says a person.', about, null);
    await scene.github.comment(pull.number, foreign);
    await scene.onPullRequest(pull);
    const comments = await scene.github.comments(pull.number);
    expect(comments.map(({ user }) => user.login)).toEqual(['octocat', 'github-actions[bot]']);
    expect(comments[0]!.body).toBe(foreign);
  });

  it('finds its comment behind more than a hundred others', async () => {
    const pull = await scene.pullRequest(undocumented);
    for (let index = 0; index < 120; index++) await scene.github.comment(pull.number, `Comment ${index}.`);
    await scene.onPullRequest(pull);
    const sha = await pull.push(documented);
    await scene.onPullRequest({ ...pull, sha });
    expect(await scene.github.comments(pull.number)).toHaveLength(121);
  });

  it('waits out a secondary rate limit', async () => {
    const pull = await scene.pullRequest(documented);
    scene.github.faults.push({
      operation: 'issues/create-comment',
      times: 1,
      status: 403,
      body: { message: 'You have exceeded a secondary rate limit.', documentation_url: 'https://docs.github.com' },
      headers: { 'retry-after': '1' },
    });
    const result = await scene.onPullRequest(pull);
    expect(result.log).toMatch(/limits the rate/);
    expect(await scene.github.comments(pull.number)).toHaveLength(1);
  });

  it('stays green when GitHub cannot be reached: the report is in the summary', async () => {
    const pull = await scene.pullRequest(documented);
    scene.github.faults.push({
      operation: 'issues/list-comments',
      times: 1,
      status: 404,
      body: { message: 'Not Found' },
    });
    const result = await scene.onPullRequest(pull);
    expect(result.code).toBe(0);
    expect(result.annotations).toContainEqual(expect.objectContaining({ level: 'warning' }));
    expect(result.outputs).toMatchObject({ gate: 'pass', 'comment-id': '' });
    expect(result.summary).toContain('radimagenet');
  });

  it('starts no comment with on-problem while all is well, and corrects a red one', async () => {
    const pull = await scene.pullRequest(documented);
    const inputs = { comment: 'on-problem' };
    await scene.onPullRequest(pull, { inputs });
    expect(await scene.github.comments(pull.number)).toEqual([]);
    const red = await pull.push(undocumented);
    await scene.onPullRequest({ ...pull, sha: red }, { inputs });
    const green = await pull.push(documented);
    await scene.onPullRequest({ ...pull, sha: green }, { inputs });
    const comments = await scene.github.comments(pull.number);
    expect(comments).toHaveLength(1);
    expect(readMarker(comments[0]!.body)).toMatchObject({ commit: green });
  });
});
