import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { type GitHubStandIn, startGitHub } from './github.ts';
import { pullRequestPayload } from './payloads.ts';
import { type Job, runAction, type StepResult } from './run-action.ts';

export const repository = 'octocat/films';

/** A pull request whose branch is checked out in the workspace. */
export interface OpenPullRequest {
  number: number;
  sha: string;
  /** Writes another manifest (or none) and pushes; resolves to the new head. */
  push(manifest: string | null): Promise<string>;
}

/** A GitHub, a runner and a workspace, for the tests of one file. */
export interface Scene {
  github: GitHubStandIn;
  /** A token that may comment. */
  token: string;
  workspace(): string;
  /** Forgets runner, workspace and what GitHub has seen; its state stays. */
  reset(): void;
  pullRequest(manifest: string | null, file?: string): Promise<OpenPullRequest>;
  /** Runs the shipped action; fails the test when it did what GitHub would not have. Only checks unless told to measure. */
  act(job: Partial<Job> & Pick<Job, 'eventName' | 'payload'>): Promise<StepResult>;
  onPullRequest(pull: Pick<OpenPullRequest, 'number' | 'sha'>, job?: Partial<Job>): Promise<StepResult>;
  close(): Promise<void>;
}

export async function openScene(): Promise<Scene> {
  const github = await startGitHub(repository);
  const token = await github.workflowToken({ contents: 'read', pull_requests: 'write' });
  const folders: string[] = [];
  const folder = (): string => folders.at(-1)!;
  let pushes = 0;

  const scene: Scene = {
    github,
    token,
    workspace: () => path.join(folder(), 'work'),
    reset: () => {
      folders.push(mkdtempSync(path.join(os.tmpdir(), 'transfer-evidence-')));
      mkdirSync(scene.workspace());
      github.seen.length = 0;
    },
    pullRequest: async (manifest, file = 'transfer.yml') => {
      const branch = `topic-${pushes}`;
      const push = async (text: string | null): Promise<string> => {
        const place = path.join(scene.workspace(), file);
        mkdirSync(path.dirname(place), { recursive: true });
        if (text === null) rmSync(place, { force: true });
        else writeFileSync(place, text);
        return github.commit(branch, 'note.md', `Push ${pushes++}.`);
      };
      const sha = await push(manifest);
      return { number: await github.openPullRequest(branch), sha, push };
    },
    act: async (job) => {
      const result = await runAction({
        runner: path.join(folder(), 'runner'),
        workspace: scene.workspace(),
        repository,
        sha: 'f'.repeat(40),
        apiUrl: github.url,
        token,
        ...job,
        inputs: { mode: 'check', ...job.inputs },
      });
      expect(result.problems).toEqual([]);
      expect(github.violations.filter(({ where }) => where !== 'response')).toEqual([]);
      return result;
    },
    onPullRequest: ({ number, sha }, job = {}) =>
      scene.act({ eventName: 'pull_request', payload: pullRequestPayload(repository, number, sha), ...job }),
    close: async () => {
      await github.close();
      for (const used of folders) rmSync(used, { recursive: true, force: true });
    },
  };
  return scene;
}
