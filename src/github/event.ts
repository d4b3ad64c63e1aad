import { z } from 'zod';

/** What a run was started by, as far as this program cares. */
export interface RunEvent {
  kind: 'pull_request' | 'push' | 'merge_group' | 'other';
  /** GitHub's own name of the event. */
  name: string;
  /** The commit people wrote: a pull request's head, never the merge commit that GitHub makes up for the run. */
  sha: string | null;
  /** Number of the pull request that the event itself names. */
  pullRequest: number | null;
  /** True when the code of this run may be a stranger's. Unknown counts as true. */
  fork: boolean;
  /** May this run store evidence that later runs will trust? */
  trusted: boolean;
  /** Set when nothing must be run; tells the workflow's author why and what to do. */
  refuse: string | null;
}

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const repository = z.object({ full_name: z.string() });
const pullRequestPayload = z.object({
  // A fork that was deleted since leaves null.
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({ sha, repo: repository.nullable() }),
    base: z.object({ repo: repository }),
  }),
});
const pushPayload = z.object({ after: sha, deleted: z.boolean().optional() });
const mergeGroupPayload = z.object({ merge_group: z.object({ head_sha: sha }) });
const workflowRunPayload = z.object({
  workflow_run: z.object({ head_sha: sha, head_repository: repository.nullish() }),
  repository,
});
const issueCommentPayload = z.object({ issue: z.object({ pull_request: z.unknown().optional() }) });

const targetRefusal =
  'This workflow runs on pull_request_target, which gives a stranger’s code and data a token that can write. ' +
  'Use `on: pull_request` (its token is read-only for forks; the report is then in the job summary) or `on: push`.';

/**
 * Reads an event. A payload that does not look as documented is treated like an unknown event: summary only, and its
 * code is taken for a stranger's.
 *
 * @param name GITHUB_EVENT_NAME
 * @param payload the parsed file at GITHUB_EVENT_PATH
 * @param githubSha GITHUB_SHA, used where the payload names no commit
 */
export function readEvent(name: string, payload: unknown, githubSha: string | undefined): RunEvent {
  const fallback = sha.safeParse(githubSha).data ?? null;
  const base = { name, pullRequest: null, refuse: null };
  switch (name) {
    case 'pull_request_target':
      return { ...base, kind: 'other', sha: null, fork: true, trusted: false, refuse: targetRefusal };
    case 'pull_request':
    case 'pull_request_review':
    case 'pull_request_review_comment': {
      const pull = pullRequestPayload.safeParse(payload).data?.pull_request;
      if (pull === undefined) break;
      const fork = pull.head.repo?.full_name !== pull.base.repo.full_name;
      return { ...base, kind: 'pull_request', sha: pull.head.sha, pullRequest: pull.number, fork, trusted: !fork };
    }
    case 'push': {
      const push = pushPayload.safeParse(payload).data;
      if (push === undefined || push.deleted === true) break;
      return { ...base, kind: 'push', sha: push.after, fork: false, trusted: true };
    }
    case 'merge_group': {
      const group = mergeGroupPayload.safeParse(payload).data?.merge_group;
      if (group === undefined) break;
      return { ...base, kind: 'merge_group', sha: group.head_sha, fork: false, trusted: true };
    }
    case 'workflow_run': {
      const run = workflowRunPayload.safeParse(payload).data;
      if (run === undefined) break;
      const fork = run.workflow_run.head_repository?.full_name !== run.repository.full_name;
      // It runs with the default branch's rights on whatever was built before, so what it finds is never stored.
      return { ...base, kind: 'other', sha: run.workflow_run.head_sha, fork, trusted: false };
    }
    case 'issue_comment': {
      // “/measure” workflows check out the pull request's head, and the payload does not say whose that is.
      const about = issueCommentPayload.safeParse(payload).data?.issue;
      return { ...base, kind: 'other', sha: fallback, fork: about?.pull_request !== undefined, trusted: false };
    }
    case 'workflow_dispatch':
    case 'schedule':
      return { ...base, kind: 'other', sha: fallback, fork: false, trusted: true };
    case 'release':
      return { ...base, kind: 'other', sha: fallback, fork: false, trusted: false };
  }
  return { ...base, kind: 'other', sha: fallback, fork: true, trusted: false };
}
