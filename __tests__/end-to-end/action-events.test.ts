import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { smallestManifest } from '../../src/manifest/smallest.ts';
import { documented, undocumented } from '../helpers/manifests.ts';
import { mergeGroupPayload, pullRequestPayload, pushPayload, workflowRunPayload } from '../helpers/payloads.ts';
import { openScene, repository, type Scene } from '../helpers/scene.ts';

// The shipped dist/index.js, run as a runner would run it, against a GitHub on this machine.
vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
beforeEach(() => scene.reset());
afterAll(() => scene.close());

describe('for strangers', () => {
  it('checks a fork’s manifest without measuring, and takes its read-only token for no failure', async () => {
    const pull = await scene.pullRequest(documented);
    const readOnly = await scene.github.workflowToken({ contents: 'read', pull_requests: 'read' });
    const result = await scene.act({
      eventName: 'pull_request',
      payload: pullRequestPayload(repository, pull.number, pull.sha, 'stranger/films'),
      token: readOnly,
      inputs: { mode: 'review' },
    });
    expect(result.code).toBe(0);
    expect(result.outputs).toMatchObject({ state: 'documented', gate: 'pass', 'comment-id': '' });
    expect(result.summary).toContain('comes from a fork');
    expect(result.annotations.map(({ level }) => level)).not.toContain('error');
    expect(await scene.github.comments(pull.number)).toEqual([]);
  });

  it('names the permission that a job of the repository itself lacks', async () => {
    const pull = await scene.pullRequest(documented);
    const result = await scene.onPullRequest(pull, { token: await scene.github.workflowToken({ contents: 'read' }) });
    expect(result.code).toBe(0);
    expect(result.annotations.map(({ message }) => message).join()).toMatch(/pull-requests: (read|write)/);
  });

  it('refuses pull_request_target and says why', async () => {
    const pull = await scene.pullRequest(documented);
    const result = await scene.act({
      eventName: 'pull_request_target',
      payload: pullRequestPayload(repository, pull.number, pull.sha),
    });
    expect(result.code).toBe(1);
    expect(result.annotations).toEqual([
      expect.objectContaining({ level: 'error', message: expect.stringContaining('pull_request_target') }),
    ]);
    expect(scene.github.seen).toEqual([]);
  });
});

describe('on other events', () => {
  it('finds the pull request of a push', async () => {
    const pull = await scene.pullRequest(documented);
    const result = await scene.act({ eventName: 'push', payload: pushPayload(pull.sha), sha: pull.sha });
    expect(result.code).toBe(0);
    expect(await scene.github.comments(pull.number)).toHaveLength(1);
  });

  it('writes the summary alone where no open pull request has the commit', async () => {
    const pull = await scene.pullRequest(documented);
    await scene.github.closePullRequest(pull.number);
    const result = await scene.act({ eventName: 'push', payload: pushPayload(pull.sha), sha: pull.sha });
    expect(result.code).toBe(0);
    expect(result.log).toMatch(/No open pull request/);
    expect(result.summary).toContain('radimagenet');
    expect(scene.github.writes()).toEqual([]);
  });

  it('reports the gate to a merge queue, which has no conversation', async () => {
    await scene.pullRequest(undocumented);
    const result = await scene.act({ eventName: 'merge_group', payload: mergeGroupPayload('a'.repeat(40)) });
    expect(result.code).toBe(1);
    expect(scene.github.seen).toEqual([]);
  });

  it('finds the pull request of a workflow_run by its commit', async () => {
    const pull = await scene.pullRequest(documented);
    const payload = workflowRunPayload(repository, repository, pull.sha);
    expect((await scene.act({ eventName: 'workflow_run', payload })).code).toBe(0);
    expect(await scene.github.comments(pull.number)).toHaveLength(1);
  });
});

describe('without a manifest', () => {
  it('fails and shows the smallest one, ready to paste', async () => {
    const pull = await scene.pullRequest(null);
    const result = await scene.onPullRequest(pull);
    expect(result.code).toBe(1);
    expect(result.outputs).toMatchObject({ state: 'missing', gate: 'fail' });
    const [comment] = await scene.github.comments(pull.number);
    expect(comment!.body).toContain(smallestManifest.trimEnd());
    expect(result.summary).toContain('transfer.yml');
  });

  it('names the path that was asked for', async () => {
    const result = await scene.onPullRequest(await scene.pullRequest(null), { inputs: { manifest: 'tasks/lung.yml' } });
    expect(result.code).toBe(1);
    expect(result.annotations[0]!.message).toContain('tasks/lung.yml');
  });

  it('passes in silence where that is what the workflow wants', async () => {
    const pull = await scene.pullRequest(null);
    const result = await scene.onPullRequest(pull, { inputs: { 'missing-manifest': 'pass' } });
    expect(result.code).toBe(0);
    expect(result.outputs).toMatchObject({ state: 'missing', gate: 'pass' });
    expect(await scene.github.comments(pull.number)).toEqual([]);
  });
});

it('refuses an input that it does not know, and names what is allowed', async () => {
  const result = await scene.onPullRequest(await scene.pullRequest(documented), { inputs: { mode: 'measure' } });
  expect(result.code).toBe(1);
  expect(result.annotations[0]!.message).toBe('Input mode is “measure”. Allowed: check, review.');
});
