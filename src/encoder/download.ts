import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransferEvidenceError } from '../errors.ts';

export interface DownloadOptions {
  url: string;
  /** Expected SHA-256 of the whole file, hexadecimal. */
  sha256: string;
  /** Where the file goes once its digest was verified; nothing is ever seen there before. */
  file: string;
  /** Sent to the host of `url` alone, never to where it redirects. */
  authorization?: string | undefined;
  limitBytes: number;
  fetch: typeof fetch;
  /** Milliseconds before the first repeat; doubled each time. */
  backoff: number;
  /** How the file is called in messages. */
  name: string;
  signal?: AbortSignal | undefined;
}

const attempts = 5;
const redirects = 5;
const longestWait = 60_000;
const stallAfter = 60_000;
const repeatable = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Fetches one file of a known digest. A cut connection is taken up where it broke off, 429 and 5xx are repeated after
 * the time that the server asks for, and the digest is compared before the file gets its name.
 * @throws weights-missing when the server does not have it; weights-mismatch when it has something else;
 *   download-failed for everything that may pass; cancelled
 */
export async function download(options: DownloadOptions): Promise<void> {
  const part = `${options.file}.${process.pid}-${Date.now().toString(36)}.part`;
  await mkdir(dirname(options.file), { recursive: true });
  try {
    const received = await receive(options, part);
    if (received !== options.sha256)
      throw new TransferEvidenceError(
        'weights-mismatch',
        `${options.name} was expected to have SHA-256 ${options.sha256}; what was downloaded has ${received}. It was deleted. Correct sha256, or find out why the file changed.`,
      );
    await rename(part, options.file);
  } finally {
    await rm(part, { force: true });
  }
}

/** What is on disk so far. */
interface Partial {
  bytes: number;
  hash: ReturnType<typeof createHash>;
}

async function receive(options: DownloadOptions, part: string): Promise<string> {
  const output = await open(part, 'w');
  const so: Partial = { bytes: 0, hash: createHash('sha256') };
  try {
    for (let attempt = 1; ; attempt++) {
      const before = so.bytes;
      const trouble = await attemptOnce(options, output, so);
      if (trouble === undefined) return so.hash.digest('hex');
      // What came through counts: only attempts that brought nothing use up the patience.
      if (so.bytes > before) attempt = 1;
      if (attempt >= attempts)
        throw failed(
          options,
          `${trouble.reason}, ${attempts} times in a row. It may work later; a local file always does.`,
        );
      const wait = trouble.retryAfter ?? options.backoff * 2 ** (attempt - 1);
      if (wait > longestWait)
        throw failed(
          options,
          `${trouble.reason}, and the server asks to wait ${Math.ceil(wait / 1000)} s. Run again then.`,
        );
      await sleep(wait, undefined, options.signal ? { signal: options.signal } : {}).catch(() => {
        throw cancelled(options);
      });
    }
  } finally {
    await output.close();
  }
}

interface Trouble {
  reason: string;
  retryAfter?: number;
}

async function attemptOnce(
  options: DownloadOptions,
  output: Awaited<ReturnType<typeof open>>,
  so: Partial,
): Promise<Trouble | undefined> {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error(`nothing came for ${stallAfter / 1000} s`)), stallAfter);
  const signal = options.signal ? AbortSignal.any([options.signal, stalled.signal]) : stalled.signal;
  try {
    const response = await follow(options, so.bytes, signal);
    const { status } = response;
    if (status === 416 || (status === 200 && so.bytes > 0)) {
      // The server cannot or will not continue: from the start.
      await output.truncate(0);
      so.bytes = 0;
      so.hash = createHash('sha256');
    }
    if (status !== 200 && status !== 206) return await refused(options, response);
    const announced = so.bytes + Number(response.headers.get('content-length') ?? 0);
    if (announced > options.limitBytes) throw tooLarge(options, announced);
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      if (so.bytes + chunk.length > options.limitBytes) throw tooLarge(options, so.bytes + chunk.length);
      await output.write(chunk, 0, chunk.length, so.bytes);
      so.hash.update(chunk);
      so.bytes += chunk.length;
    }
    return so.bytes < announced
      ? { reason: `the connection ended after ${so.bytes} of ${announced} bytes` }
      : undefined;
  } catch (error) {
    if (options.signal?.aborted) throw cancelled(options);
    if (error instanceof TransferEvidenceError) throw error;
    const { message, cause } = error as Error;
    return { reason: cause instanceof Error && cause.message ? cause.message : message };
  } finally {
    clearTimeout(timer);
  }
}

/** Redirects are followed by hand: the authorization is for the first host alone, and https never becomes http. */
async function follow(options: DownloadOptions, from: number, signal: AbortSignal): Promise<Response> {
  const first = new URL(options.url);
  let url = first;
  for (let hop = 0; hop <= redirects; hop++) {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (from > 0) headers.range = `bytes=${from}-`;
    if (options.authorization !== undefined && url.origin === first.origin)
      headers.authorization = options.authorization;
    const response = await options.fetch(url, { headers, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    url = new URL(location, url);
    if (url.protocol !== 'https:' && url.protocol !== first.protocol)
      throw failed(options, `${first.host} redirects to ${url.protocol}//${url.host}, which is not encrypted.`);
  }
  throw failed(options, `${first.host} redirects more than ${redirects} times.`);
}

async function refused(options: DownloadOptions, response: Response): Promise<Trouble> {
  const { status, headers } = response;
  await response.body?.cancel();
  const host = new URL(options.url).host;
  if (status === 404 || status === 410)
    throw new TransferEvidenceError(
      'weights-missing',
      `${options.name} does not exist on ${host} (${status}). Check the name, the revision and the path.`,
    );
  if (status === 401 || status === 403)
    throw failed(
      options,
      `${host} refuses access (${status}). Private and gated files need a token in the environment variable HF_TOKEN.`,
    );
  if (status !== 416 && !repeatable.has(status)) throw failed(options, `${host} answers ${status}.`);
  const retryAfter = retryAfterOf(headers.get('retry-after'));
  return { reason: `${host} answers ${status}`, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** Milliseconds of a Retry-After header: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const wait = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function tooLarge(options: DownloadOptions, bytes: number): TransferEvidenceError {
  return failed(
    options,
    `it has ${bytes} bytes or more; at most ${options.limitBytes} are fetched. Keep the file on the machine and name its path instead.`,
  );
}

function failed(options: DownloadOptions, why: string): TransferEvidenceError {
  return new TransferEvidenceError('download-failed', `${options.name} could not be downloaded: ${why}`);
}

function cancelled(options: DownloadOptions): TransferEvidenceError {
  return new TransferEvidenceError('cancelled', `The download of ${options.name} was cancelled.`);
}
