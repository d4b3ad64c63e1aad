import path from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import { type Device, devices } from '../runtime/device.ts';

const modes = ['check', 'review'] as const;
const commentings = ['always', 'on-problem', 'never'] as const;
const missings = ['fail', 'pass'] as const;

/** Where evidence is kept between runs: `auto` decides by runner, `off` keeps nothing, `folder` is a path of the user's. */
export type CacheChoice = { kind: 'auto' } | { kind: 'off' } | { kind: 'folder'; folder: string };

/** What action.yml's inputs say, checked; the defaults are here and nowhere else. */
export interface Inputs {
  /** Paths or globs relative to the workspace; empty means the usual places. */
  manifests: string[];
  mode: (typeof modes)[number];
  token: string;
  device: Device;
  seed: number;
  offline: boolean;
  /** Absolute folders outside the workspace that a manifest may read from. */
  dataRoots: string[];
  /** A local copy of the native packages. */
  runtimePath: string | null;
  /** Folder for the report files. */
  out: string | null;
  comment: (typeof commentings)[number];
  commentId: string;
  commentAuthor: string;
  missingManifest: (typeof missings)[number];
  warnOnly: boolean;
  allowForks: boolean;
  cache: CacheChoice;
  timeLimitMs: number | null;
}

/** The login that the workflow's own token writes under, on github.com and on GitHub Enterprise Server alike. */
const workflowBot = 'github-actions[bot]';

/**
 * Reads every input once.
 *
 * @param get what a workflow wrote for an input, trimmed; empty when it wrote nothing
 * @param workspace absolute folder that relative paths start from
 * @throws TransferEvidenceError `input-invalid` naming the input, its value and what is allowed
 */
export function readInputs(get: (name: string) => string, workspace: string): Inputs {
  const folder = (name: string): string | null => {
    const value = get(name);
    return value === '' ? null : path.resolve(workspace, value);
  };
  return {
    manifests: lines(get('manifest')),
    mode: oneOf('mode', get('mode'), modes, 'review'),
    token: get('token'),
    device: oneOf('device', get('device'), devices, 'auto'),
    seed: seed(get('seed')),
    offline: flag('offline', get('offline')),
    dataRoots: lines(get('data-roots')).map((root) => path.resolve(workspace, root)),
    runtimePath: folder('runtime-path'),
    out: folder('out'),
    comment: oneOf('comment', get('comment'), commentings, 'always'),
    commentId: get('comment-id'),
    commentAuthor: get('comment-author') || workflowBot,
    missingManifest: oneOf('missing-manifest', get('missing-manifest'), missings, 'fail'),
    warnOnly: flag('warn-only', get('warn-only')),
    allowForks: flag('allow-forks', get('allow-forks')),
    cache: cacheChoice(get('cache'), workspace),
    timeLimitMs: timeLimit(get('time-limit')),
  };
}

function invalid(name: string, value: string, allowed: string): TransferEvidenceError {
  return new TransferEvidenceError('input-invalid', `Input ${name} is “${value}”. Allowed: ${allowed}.`);
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[], fallback: T): T {
  if (value === '') return fallback;
  const found = allowed.find((option) => option === value);
  if (found === undefined) throw invalid(name, value, allowed.join(', '));
  return found;
}

function flag(name: string, value: string): boolean {
  return oneOf(name, value.toLowerCase(), ['true', 'false'], 'false') === 'true';
}

function lines(value: string): string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function seed(value: string): number {
  if (value === '') return 0;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 0xffffffff) throw invalid('seed', value, 'a whole number from 0 to 4294967295');
  return number;
}

function cacheChoice(value: string, workspace: string): CacheChoice {
  if (value === '' || value === 'auto') return { kind: 'auto' };
  if (value === 'off') return { kind: 'off' };
  // A bare word is more likely a mistyped choice than a folder.
  if (!/[/\\.]/.test(value))
    throw invalid('cache', value, 'auto, off, or a folder written with a slash, as in ./evidence');
  return { kind: 'folder', folder: path.resolve(workspace, value) };
}

const millisecondsPer = { s: 1000, m: 60_000, h: 3_600_000 };

function timeLimit(value: string): number | null {
  if (value === '') return null;
  const found = /^([1-9]\d{0,4})([smh])$/.exec(value);
  if (found === null) throw invalid('time-limit', value, 'a whole number and s, m or h, as in 20m');
  return Number(found[1]) * millisecondsPer[found[2] as keyof typeof millisecondsPer];
}
