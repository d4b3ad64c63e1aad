import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/github/event.ts';
import { findPullRequests } from '../../src/github/pull-request.ts';
import { fakeGitHub } from '../helpers/fake-github.ts';

const sha = 'a'.repeat(40);
const other = 'b'.repeat(40);
const push: RunEvent = {
  kind: 'push',
  name: 'push',
  sha,
  pullRequest: null,
  fork: false,
  trusted: true,
  refuse: null,
};

describe('findPullRequests', () => {
  it('finds every open pull request whose head the pushed commit is', async () => {
    const github = fakeGitHub({
      pulls: [
        { number: 1, open: true, headSha: sha },
        { number: 2, open: true, headSha: sha },
        { number: 3, open: false, headSha: sha },
        { number: 4, open: true, headSha: other },
      ],
    });
    expect(await findPullRequests(github, push)).toEqual({ pullRequests: [1, 2], note: null });
  });

  it('says why there is none', async () => {
    expect(await findPullRequests(fakeGitHub(), push)).toEqual({
      pullRequests: [],
      note: expect.stringContaining('aaaaaaa'),
    });
    expect(await findPullRequests(fakeGitHub(), { ...push, sha: null })).toMatchObject({ pullRequests: [] });
    expect(await findPullRequests(fakeGitHub(), { ...push, kind: 'merge_group' })).toMatchObject({ pullRequests: [] });
  });

  it.each([
    [{ number: 7, open: true, headSha: sha }, [7]],
    [{ number: 7, open: true, headSha: other }, []],
    [{ number: 7, open: false, headSha: sha }, []],
  ])('reports to the event’s pull request while it is open and has not moved on: %o', async (pull, expected) => {
    const event: RunEvent = { ...push, kind: 'pull_request', name: 'pull_request', pullRequest: 7 };
    expect((await findPullRequests(fakeGitHub({ pulls: [pull] }), event)).pullRequests).toEqual(expected);
  });
});
