import type { Operation } from './openapi.ts';

/** What a job's `permissions:` grant. */
export type Permissions = Record<string, 'read' | 'write'>;

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

type Get = (path: string) => Promise<{ status: number; body: unknown }>;

interface PullRequestBody {
  number: number;
  state: string;
  head: { ref: string; sha: string; repo: { full_name: string } | null };
  base: { ref: string };
}

const longestComment = 65_536;
const documentation = 'https://docs.github.com/rest';

export const deniedAnswer: Answer = {
  status: 403,
  body: { message: 'Resource not accessible by integration', documentation_url: documentation, status: '403' },
};

/** Answers where GitHub knows more than the emulator does; undefined leaves the request to the emulator. */
export async function answerGap(
  operation: Operation,
  body: Record<string, unknown> | undefined,
  get: Get,
): Promise<Answer | undefined> {
  const { owner, repo, pull_number, commit_sha } = operation.parameters;
  const repository = `/repos/${owner}/${repo}`;
  switch (operation.id) {
    case 'issues/create-comment':
    case 'issues/update-comment':
      return String(body?.body).length > longestComment ? tooLong : undefined;
    case 'pulls/get': {
      const found = await get(`${repository}/pulls/${pull_number}`);
      if (found.status !== 200) return found;
      return { status: 200, body: await withLiveHead(found.body as PullRequestBody, get) };
    }
    case 'repos/list-pull-requests-associated-with-commit': {
      const all = await get(`${repository}/pulls?state=all&per_page=100`);
      if (all.status !== 200) return all;
      const live = await Promise.all((all.body as PullRequestBody[]).map((pull) => withLiveHead(pull, get)));
      const holding: PullRequestBody[] = [];
      for (const pull of live) if (await holds(pull, commit_sha!, repository, get)) holding.push(pull);
      return { status: 200, body: holding };
    }
  }
  return undefined;
}

const tooLong: Answer = {
  status: 422,
  body: {
    message: 'Validation Failed',
    errors: [
      {
        resource: 'IssueComment',
        code: 'unprocessable',
        field: 'data',
        message: `Body is too long (maximum is ${longestComment} characters)`,
      },
    ],
    documentation_url: documentation,
    status: '422',
  },
};

/** The emulator remembers the head that a pull request had when it was opened; later pushes move it. */
async function withLiveHead(pull: PullRequestBody, get: Get): Promise<PullRequestBody> {
  const { repo, ref } = pull.head;
  if (pull.state !== 'open' || repo === null) return pull;
  const branch = await get(`/repos/${repo.full_name}/git/ref/heads/${ref}`);
  const sha = (branch.body as { object?: { sha: string } }).object?.sha;
  return { ...pull, head: { ...pull.head, sha: sha ?? pull.head.sha } };
}

async function holds(pull: PullRequestBody, sha: string, repository: string, get: Get): Promise<boolean> {
  if (pull.head.sha === sha) return true;
  const { body } = await get(`${repository}/compare/${pull.base.ref}...${pull.head.ref}`);
  return (body as { commits?: { sha: string }[] }).commits?.some((commit) => commit.sha === sha) ?? false;
}
