import { describe, expect, it } from 'vitest';
import { readEvent } from '../../src/github/event.ts';
import { mergeGroupPayload, pullRequestPayload, pushPayload, workflowRunPayload } from '../helpers/payloads.ts';

const head = '1'.repeat(40);
const mergeCommit = '2'.repeat(40);

describe('readEvent', () => {
  it('takes a pull request’s head, not the merge commit of the run', () => {
    expect(readEvent('pull_request', pullRequestPayload('o/films', 7, head), mergeCommit)).toEqual({
      kind: 'pull_request',
      name: 'pull_request',
      sha: head,
      pullRequest: 7,
      fork: false,
      trusted: true,
      refuse: null,
    });
  });

  it('knows a fork by its repository, and trusts nothing of it', () => {
    const event = readEvent('pull_request', pullRequestPayload('o/films', 7, head, 'stranger/films'), mergeCommit);
    expect(event).toMatchObject({ fork: true, trusted: false, refuse: null });
  });

  it('takes a deleted fork for a fork', () => {
    const payload = pullRequestPayload('o/films', 7, head) as { pull_request: { head: { repo: unknown } } };
    payload.pull_request.head.repo = null;
    expect(readEvent('pull_request', payload, mergeCommit)).toMatchObject({ pullRequest: 7, fork: true });
  });

  it('refuses pull_request_target and says what to use', () => {
    const event = readEvent('pull_request_target', pullRequestPayload('o/films', 7, head), head);
    expect(event.refuse).toMatch(/pull_request_target.*on: pull_request/s);
    expect(event).toMatchObject({ fork: true, trusted: false });
  });

  it('reads a push', () => {
    expect(readEvent('push', pushPayload(head), head)).toMatchObject({
      kind: 'push',
      sha: head,
      pullRequest: null,
      fork: false,
      trusted: true,
    });
  });

  it('has nothing to say about a deleted branch', () => {
    const payload = { ...pushPayload('0'.repeat(40)), deleted: true };
    expect(readEvent('push', payload, undefined)).toMatchObject({ kind: 'other', sha: null });
  });

  it('reads a merge queue’s own commit', () => {
    const event = readEvent('merge_group', mergeGroupPayload(head), mergeCommit);
    expect(event).toMatchObject({ kind: 'merge_group', sha: head, pullRequest: null, fork: false });
  });

  it('takes the commit of the run before from workflow_run, and knows whether it came from a fork', () => {
    const own = readEvent('workflow_run', workflowRunPayload('o/films', 'o/films', head), mergeCommit);
    expect(own).toMatchObject({ kind: 'other', sha: head, fork: false, trusted: false });
    const foreign = readEvent('workflow_run', workflowRunPayload('o/films', 'stranger/films', head), mergeCommit);
    expect(foreign).toMatchObject({ sha: head, fork: true, trusted: false });
  });

  it('cannot tell whose code a comment on a pull request makes run, so takes it for a stranger’s', () => {
    expect(readEvent('issue_comment', { issue: { pull_request: {} } }, head)).toMatchObject({ fork: true });
    expect(readEvent('issue_comment', { issue: {} }, head)).toMatchObject({ fork: false });
  });

  it.each(['workflow_dispatch', 'schedule'])('trusts %s, which only writers can cause', (name) => {
    expect(readEvent(name, {}, head)).toMatchObject({ kind: 'other', sha: head, fork: false, trusted: true });
  });

  it.each([
    ['pull_request', null],
    ['pull_request', { pull_request: { number: 'seven' } }],
    ['push', 'text'],
    ['merge_group', {}],
    ['workflow_run', { workflow_run: { head_sha: 'main; rm -rf' } }],
    ['something_new', { anything: true }],
  ])('gives %s with an unexpected payload the least trust', (name, payload) => {
    expect(readEvent(name, payload, head)).toMatchObject({ kind: 'other', sha: head, fork: true, trusted: false });
  });

  it('takes no text for a commit', () => {
    expect(readEvent('schedule', {}, '$(whoami)').sha).toBeNull();
  });
});
