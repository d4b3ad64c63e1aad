import { createSign } from 'node:crypto';
import { createEmulator } from 'emulate';
import type { Permissions } from './github-gaps.ts';

/** The id of the app that a workflow's own token belongs to, on github.com. */
const actionsApp = 15_368;
const installation = 100;

/** State of one repository, with what a test needs to bring it about. */
export interface Emulator {
  base: string;
  /** Token of a person who may do everything. */
  userToken: string;
  /** Login of that person. */
  user: string;
  get(path: string, token: string): Promise<{ status: number; body: unknown }>;
  mintToken(permissions: Permissions): Promise<string>;
  /** Commits one file to a branch, which is made from the default one when it is new. */
  commit(branch: string, file: string, content: string): Promise<string>;
  openPullRequest(branch: string): Promise<number>;
  closePullRequest(number: number): Promise<void>;
  /** Writes a comment as that person. */
  comment(pullRequest: number, body: string): Promise<number>;
  /** All comments, oldest first. */
  comments(pullRequest: number): Promise<{ id: number; body: string; user: { login: string } }[]>;
  stop(): Promise<void>;
}

export async function startEmulator(repository: string): Promise<Emulator> {
  const [owner, name] = repository.split('/') as [string, string];
  const userToken = `pat_${owner}`;
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { [userToken]: { login: owner, scopes: ['repo'] } },
      github: {
        users: [{ login: owner }],
        repos: [{ owner, name, auto_init: true }],
        apps: [
          {
            app_id: actionsApp,
            slug: 'github-actions',
            name: 'GitHub Actions',
            events: [],
            permissions: { metadata: 'read', contents: 'write', issues: 'write', pull_requests: 'write' },
            installations: [{ installation_id: installation, account: owner, repository_selection: 'all' }],
          },
        ],
      },
    },
  });
  const base = emulator.url.replace('localhost', '127.0.0.1');
  const key = emulator.generatedSecrets.find(({ kind }) => kind === 'github.app_private_key')!.value;

  const call = async (method: string, path: string, body?: unknown, authorization = `Bearer ${userToken}`) => {
    const response = await fetch(base + path, {
      method,
      headers: { authorization, 'content-type': 'application/json', 'user-agent': 'test' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = (await response.text()).replaceAll(emulator.url, base);
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  const need = async <T>(method: string, path: string, body?: unknown, authorization?: string): Promise<T> => {
    const answer = await call(method, path, body, authorization);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  };
  const repo = `/repos/${repository}`;
  const defaultBranch = async () => (await need<{ default_branch: string }>('GET', repo)).default_branch;
  const headOf = async (branch: string) => {
    const { body, status } = await call('GET', `${repo}/git/ref/heads/${branch}`);
    return status === 200 ? (body as { object: { sha: string } }).object.sha : undefined;
  };

  return {
    base,
    userToken,
    user: owner,
    get: (path, token) => call('GET', path, undefined, `Bearer ${token}`),
    mintToken: async (permissions) => {
      const path = `/app/installations/${installation}/access_tokens`;
      return (await need<{ token: string }>('POST', path, { permissions }, `Bearer ${appToken(key)}`)).token;
    },
    commit: async (branch, file, content) => {
      if ((await headOf(branch)) === undefined) {
        const sha = await headOf(await defaultBranch());
        await need('POST', `${repo}/git/refs`, { ref: `refs/heads/${branch}`, sha });
      }
      const before = await call('GET', `${repo}/contents/${file}?ref=${branch}`);
      const blob = before.status === 200 ? { sha: (before.body as { sha: string }).sha } : {};
      const encoded = Buffer.from(content).toString('base64');
      await need('PUT', `${repo}/contents/${file}`, { message: `Write ${file}`, content: encoded, branch, ...blob });
      return (await headOf(branch))!;
    },
    openPullRequest: async (branch) => {
      const body = { title: branch, head: branch, base: await defaultBranch() };
      return (await need<{ number: number }>('POST', `${repo}/pulls`, body)).number;
    },
    closePullRequest: async (number) => {
      await need('PATCH', `${repo}/pulls/${number}`, { state: 'closed' });
    },
    comment: async (number, body) => {
      return (await need<{ id: number }>('POST', `${repo}/issues/${number}/comments`, { body })).id;
    },
    comments: async (number) => {
      const all: { id: number; body: string; user: { login: string } }[] = [];
      for (let page = 1; ; page++) {
        const path = `${repo}/issues/${number}/comments?per_page=100&page=${page}`;
        const some = await need<typeof all>('GET', path);
        all.push(...some);
        if (some.length < 100) return all;
      }
    },
    stop: () => emulator.close(),
  };
}

/** A JSON web token by which an app asks for an installation token. */
function appToken(key: string): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: String(actionsApp), iat: now - 10, exp: now + 300 };
  const unsigned = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key).toString('base64url')}`;
}
