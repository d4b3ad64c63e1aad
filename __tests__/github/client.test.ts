import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GitHubStandIn, startGitHub } from '../helpers/github.ts';

// The client reads the address of the interface when it is loaded.
let standIn: GitHubStandIn;
let connect: typeof import('../../src/github/client.ts').connect;
const repository = 'octocat/films';
let head: string;
let pull: number;

beforeAll(async () => {
  standIn = await startGitHub(repository);
  process.env.GITHUB_API_URL = standIn.url;
  ({ connect } = await import('../../src/github/client.ts'));
  await standIn.commit('topic', 'transfer.yml', 'version: 1\n');
  pull = await standIn.openPullRequest('topic');
  head = await standIn.commit('topic', 'transfer.yml', 'version: 2\n');
});
beforeEach(() => {
  standIn.seen.length = 0;
});
afterAll(async () => {
  delete process.env.GITHUB_API_URL;
  await standIn.close();
});

describe('connect', () => {
  it('finds the pull request of a commit, with the head it has now', async () => {
    const github = connect(await standIn.workflowToken({ contents: 'read', pull_requests: 'read' }), repository);
    expect(await github.pullRequestsWithCommit(head)).toEqual([{ number: pull, open: true, headSha: head }]);
    expect(await github.pullRequest(pull)).toEqual({ number: pull, open: true, headSha: head });
  });

  it('writes, corrects and deletes comments as the workflow’s bot', async () => {
    const github = connect(await standIn.workflowToken({ pull_requests: 'write' }), repository);
    const created = await github.createComment(pull, 'one');
    expect(created).toMatchObject({ author: 'github-actions[bot]', body: 'one' });
    expect(await github.updateComment(created.id, 'two')).toMatchObject({ id: created.id, body: 'two' });
    await github.deleteComment(created.id);
    expect(await github.comments(pull)).toEqual([]);
    await expect(github.deleteComment(created.id)).resolves.toBeUndefined();
  });

  it('names the permission that is missing', async () => {
    const github = connect(await standIn.workflowToken({ contents: 'read' }), repository);
    await expect(github.createComment(pull, 'no')).rejects.toMatchObject({
      code: 'github-denied',
      message: expect.stringContaining('`pull-requests: write`'),
    });
  });

  it('says that a token is not accepted', async () => {
    await expect(connect('expired', repository).comments(pull)).rejects.toMatchObject({ code: 'github-denied' });
  });

  it('tries again after a broken connection', async () => {
    const github = connect(await standIn.workflowToken({ pull_requests: 'read' }), repository);
    standIn.faults.push({ operation: 'pulls/get', times: 1, status: 'reset' });
    expect(await github.pullRequest(pull)).toMatchObject({ number: pull });
    expect(standIn.seen).toHaveLength(2);
  });

  it('tells a comment that is too long from other refusals', async () => {
    const github = connect(await standIn.workflowToken({ pull_requests: 'write' }), repository);
    await expect(github.createComment(pull, 'x'.repeat(65_537))).rejects.toMatchObject({
      code: 'github-failed',
      cause: { message: expect.stringMatching(/too long/) },
    });
  });

  it('keeps to GitHub’s description throughout', () => {
    expect(standIn.violations.filter(({ where }) => where !== 'response')).toEqual([]);
  });
});
