import * as core from '@actions/core';
import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { TransferEvidenceError } from '../errors.ts';

/** A pull request, as far as finding and commenting needs. */
export interface PullRequest {
  number: number;
  open: boolean;
  headSha: string;
}

/** A comment of a pull request's conversation. */
export interface IssueComment {
  id: number;
  url: string;
  author: string;
  body: string;
}

/** The part of GitHub that this program uses, in one repository. Every method rejects with a TransferEvidenceError. */
export interface GitHub {
  pullRequest(number: number): Promise<PullRequest>;
  /** Pull requests into this repository that contain the commit, in any state. */
  pullRequestsWithCommit(sha: string): Promise<PullRequest[]>;
  /** All of them, oldest first. */
  comments(pullRequest: number): Promise<IssueComment[]>;
  createComment(pullRequest: number, body: string): Promise<IssueComment>;
  updateComment(id: number, body: string): Promise<IssueComment>;
  /** Deleting what is already gone is fine. */
  deleteComment(id: number): Promise<void>;
}

/** Thrown as the cause of `github-failed` when GitHub would not take a comment of that length. */
export class TooLong extends Error {}

const requestTimeoutMs = 20_000;
const mostRetries = 2;
const longestWaitSeconds = 120;

type Octokit = ReturnType<typeof getOctokit>;

/**
 * GitHub over its REST interface. Failing requests are tried again three times, rate limits waited out twice for at
 * most two minutes: a run that GitHub does not answer must end, not hang.
 *
 * @param repository owner/name
 */
export function connect(token: string, repository: string): GitHub {
  const [owner, repo] = repository.split('/') as [string, string];
  const octokit = createOctokit(token);
  const { issues, pulls, repos } = octokit.rest;
  const everyPage = { owner, repo, per_page: 100 };
  return {
    pullRequest: (number) =>
      attempt('pull-requests: read', async () =>
        pullRequestOf((await pulls.get({ owner, repo, pull_number: number })).data),
      ),
    pullRequestsWithCommit: (sha) =>
      attempt('pull-requests: read', async () => {
        const all = await octokit.paginate(repos.listPullRequestsAssociatedWithCommit, {
          ...everyPage,
          commit_sha: sha,
        });
        return all.map(pullRequestOf);
      }),
    comments: (number) =>
      attempt('pull-requests: write', async () => {
        const all = await octokit.paginate(issues.listComments, { ...everyPage, issue_number: number });
        return all.map(commentOf);
      }),
    createComment: (number, body) =>
      attempt('pull-requests: write', async () =>
        commentOf((await issues.createComment({ owner, repo, issue_number: number, body })).data),
      ),
    updateComment: (id, body) =>
      attempt('pull-requests: write', async () =>
        commentOf((await issues.updateComment({ owner, repo, comment_id: id, body })).data),
      ),
    deleteComment: (id) =>
      attempt('pull-requests: write', async () => {
        try {
          await issues.deleteComment({ owner, repo, comment_id: id });
        } catch (error) {
          if (statusOf(error) !== 404) throw error;
        }
      }),
  };
}

function createOctokit(token: string): Octokit {
  const waitFor = (retryAfter: number, options: object, _octokit: unknown, retryCount: number): boolean => {
    const { method, url } = options as { method: string; url: string };
    const again = retryCount < mostRetries && retryAfter <= longestWaitSeconds;
    core.info(`GitHub limits the rate of ${method} ${url}: ${again ? `again in ${retryAfter} s` : 'giving up'}.`);
    return again;
  };
  return getOctokit(
    token,
    { throttle: { onRateLimit: waitFor, onSecondaryRateLimit: waitFor }, userAgent: 'transfer-evidence' },
    timeOut,
    retry,
    throttling,
  );
}

/** Registered before the retrying plugin, so that each try has its own time limit. */
function timeOut(octokit: Pick<Octokit, 'hook'>): void {
  octokit.hook.wrap('request', (request, options) =>
    request({
      ...options,
      request: { ...options.request, signal: AbortSignal.timeout(requestTimeoutMs) },
    } as typeof options),
  );
}

function pullRequestOf(data: { number: number; state: string; head: { sha: string } }): PullRequest {
  return { number: data.number, open: data.state === 'open', headSha: data.head.sha };
}

function commentOf(data: {
  id: number;
  html_url: string;
  body?: string | undefined;
  user: { login: string } | null;
}): IssueComment {
  return { id: data.id, url: data.html_url, body: data.body ?? '', author: data.user?.login ?? '' };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : undefined;
}

async function attempt<T>(permission: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw explain(error, permission);
  }
}

function explain(error: unknown, permission: string): TransferEvidenceError {
  const message = error instanceof Error ? error.message : String(error);
  switch (statusOf(error)) {
    case 401:
      return new TransferEvidenceError('github-denied', `GitHub did not accept the token (${message}).`, {
        cause: error,
      });
    case 403:
    case 404:
      if (/rate limit/i.test(message)) break;
      return new TransferEvidenceError(
        'github-denied',
        `GitHub denied the request (${message}). Add \`${permission}\` to the job's \`permissions:\`.`,
        { cause: error },
      );
    case 422:
      if (/too long/i.test(message)) {
        return new TransferEvidenceError('github-failed', message, { cause: new TooLong(message) });
      }
  }
  return new TransferEvidenceError('github-failed', `GitHub could not be reached or failed: ${message}`, {
    cause: error,
  });
}
