import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { byNearness } from '../dataset/names.ts';
import { resolveInside } from '../dataset/roots.ts';
import { TransferEvidenceError } from '../errors.ts';
import { download } from './download.ts';

/** A network's file on this machine, its bytes' digest known. */
export interface LocatedWeights {
  file: string;
  /** Hex SHA-256 of the file. */
  digest: string;
}

export interface LocateOptions {
  /** Hex SHA-256 that the file must have. Required for anything that is downloaded. */
  sha256?: string;
  /** Directory that relative paths start from. */
  base: string;
  /** Directories that local files may lie in. */
  roots: readonly string[];
  /** How names of such files end, for messages and the downloads' names. Default: onnx. */
  extension?: string;
  /** Downloads are kept here by digest. */
  cacheDir: string;
  offline: boolean;
  fetch?: typeof fetch;
  /** Default: HF_ENDPOINT, else https://huggingface.co. */
  endpoint?: string;
  /** Default: HF_TOKEN. Sent to the endpoint alone. */
  token?: string | undefined;
  limitBytes?: number;
  /** Milliseconds before a download is tried again; doubled each time. */
  backoff?: number;
  signal?: AbortSignal;
}

const twoGigabytes = 2_000_000_000;

/**
 * Finds a network's file: a path, an https URL, or `hf:owner/name@revision/path/file.onnx` on the Hugging Face Hub.
 * Whatever was downloaded is verified before anyone sees it.
 * @throws weights-missing, weights-mismatch, path-outside, manifest-invalid (a reference of no known form),
 *   download-failed, cancelled
 */
export async function locateWeights(ref: string, options: LocateOptions): Promise<LocatedWeights> {
  const remote = remoteOf(ref, options);
  return remote === null ? localFile(ref, options) : remoteFile(ref, remote, options);
}

interface Remote {
  url: string;
  authorization?: string;
}

function remoteOf(ref: string, options: LocateOptions): Remote | null {
  if (ref.startsWith('hf:')) {
    const match = /^hf:([\w.-]+)\/([\w.-]+)@([\w.-]+)\/(.+)$/.exec(ref);
    if (match === null || match[4]!.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
      throw new TransferEvidenceError(
        'manifest-invalid',
        `"${ref}" was expected to read hf:owner/name@revision/path/file.onnx, with a commit as the revision.`,
      );
    const [, owner, name, revision, path] = match as unknown as [string, string, string, string, string];
    const endpoint = (options.endpoint ?? process.env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');
    const token = 'token' in options ? options.token : process.env.HF_TOKEN;
    return {
      url: `${endpoint}/${owner}/${name}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`,
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    };
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(ref)) {
    const url = URL.canParse(ref) ? new URL(ref) : null;
    if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
      throw new TransferEvidenceError(
        'manifest-invalid',
        `"${ref}" was expected to be a path, an https URL without user or password, or hf:owner/name@revision/file.onnx.`,
      );
    return { url: url.href };
  }
  return null;
}

async function remoteFile(ref: string, remote: Remote, options: LocateOptions): Promise<LocatedWeights> {
  const { sha256 } = options;
  if (sha256 === undefined)
    throw new TransferEvidenceError(
      'weights-mismatch',
      `${ref} is downloaded, so the manifest must say which bytes are meant: add sha256 (64 hexadecimal digits, from "sha256sum FILE" or the hub's page of the file).`,
    );
  const file = join(options.cacheDir, `${sha256}.${options.extension ?? 'onnx'}`);
  if ((await isFile(file)) && (await digestOfFile(file)) === sha256) return { file, digest: sha256 };
  if (options.offline)
    throw new TransferEvidenceError(
      'download-failed',
      `${ref} is not among the downloads in ${options.cacheDir}, and --offline forbids fetching it.`,
    );
  await download({
    ...remote,
    sha256,
    file,
    limitBytes: options.limitBytes ?? twoGigabytes,
    fetch: options.fetch ?? fetch,
    backoff: options.backoff ?? 500,
    name: ref,
    signal: options.signal,
  });
  return { file, digest: sha256 };
}

async function localFile(ref: string, options: LocateOptions): Promise<LocatedWeights> {
  const { extension = 'onnx' } = options;
  const file = await resolveInside(ref, options);
  if (!(await isFile(file)))
    throw new TransferEvidenceError(
      'weights-missing',
      `${ref} was expected to be ${extension === 'onnx' ? 'an ONNX' : `a .${extension}`} file. ${await nearFiles(file, extension)}`,
    );
  const refused = await access(file, constants.R_OK).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  );
  if (refused !== null)
    throw new TransferEvidenceError(
      'weights-missing',
      `${ref} is there but cannot be read (${refused.code}). Give the user that runs this permission to read it.`,
      { cause: refused },
    );
  if (await isLfsPointer(file))
    throw new TransferEvidenceError(
      'weights-missing',
      `${ref} is a Git LFS pointer, not the file itself. Run "git lfs pull", or set lfs: true on the checkout step.`,
    );
  const digest = await digestOfFile(file);
  if (options.sha256 !== undefined && digest !== options.sha256)
    throw new TransferEvidenceError(
      'weights-mismatch',
      `${ref} was expected to have SHA-256 ${options.sha256}; it has ${digest}. Correct sha256, or restore the file.`,
    );
  return { file, digest };
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

async function isLfsPointer(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(42), 0, 42, 0);
    return buffer.toString('latin1', 0, bytesRead).startsWith('version https://git-lfs.github.com/spec/v1');
  } finally {
    await handle.close();
  }
}

/** The files of that kind beside a path that does not exist, the most similar names first. */
async function nearFiles(file: string, extension: string): Promise<string> {
  let folder = dirname(file);
  while (!(await stat(folder).catch(() => null))?.isDirectory() && dirname(folder) !== folder) folder = dirname(folder);
  const found = (await readdir(folder)).filter((name) => name.endsWith(`.${extension}`));
  if (found.length === 0) return `There is no .${extension} file in ${folder}.`;
  const nearest = byNearness(basename(file), found).slice(0, 3);
  return `In ${folder} there is ${nearest.join(', ')}.`;
}
