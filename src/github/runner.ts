import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import { type RunEvent, readEvent } from './event.ts';

/** The machine and the job that the action runs in, from the runner's environment variables. */
export interface Runner {
  workspace: string;
  temp: string;
  toolCache: string;
  /** True on a machine that GitHub lends for one job. */
  hosted: boolean;
  /** owner/name */
  repository: string;
  /** Address of this run's page. */
  runUrl: string | null;
  event: RunEvent;
}

/**
 * @throws TransferEvidenceError `input-invalid` when this is no Actions job
 */
export function readRunner(env: NodeJS.ProcessEnv): Runner {
  const repository = env.GITHUB_REPOSITORY ?? '';
  const eventName = env.GITHUB_EVENT_NAME ?? '';
  if (!/^[^/]+\/[^/]+$/.test(repository) || eventName === '') {
    throw new TransferEvidenceError(
      'input-invalid',
      'GITHUB_REPOSITORY and GITHUB_EVENT_NAME are not set: this is not a GitHub Actions job. Use the command line instead.',
    );
  }
  const temp = env.RUNNER_TEMP ?? os.tmpdir();
  const server = env.GITHUB_SERVER_URL;
  const run = env.GITHUB_RUN_ID;
  return {
    workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
    temp,
    toolCache: env.RUNNER_TOOL_CACHE ?? path.join(os.homedir(), '.cache'),
    hosted: env.RUNNER_ENVIRONMENT === 'github-hosted',
    repository,
    runUrl: server === undefined || run === undefined ? null : `${server}/${repository}/actions/runs/${run}`,
    event: readEvent(eventName, readPayload(env.GITHUB_EVENT_PATH), env.GITHUB_SHA),
  };
}

function readPayload(file: string | undefined): unknown {
  if (file === undefined) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // As good as an unknown event, which readEvent treats with the least trust.
    return null;
  }
}
