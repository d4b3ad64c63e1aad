import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocateOptions, locateWeights } from '../../src/encoder/weights.ts';
import { ModelHub } from '../helpers/model-hub.ts';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 5));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const wrong = 'a'.repeat(64);
const ref = 'hf:acme/net@0123abc/onnx/model v1.onnx';
const stored = 'acme/net/0123abc/onnx/model v1.onnx';

const scratch = await mkdtemp(join(tmpdir(), 'weights-'));
afterAll(() => rm(scratch, { recursive: true }));

let options: LocateOptions;
beforeEach(async () => {
  const base = await mkdtemp(join(scratch, 'case-'));
  options = { base, roots: [base], cacheDir: join(base, 'cache'), offline: false, backoff: 1, token: undefined };
});

function onHub(hub: ModelHub, more: Partial<LocateOptions> = {}): LocateOptions {
  return { ...options, endpoint: hub.url, sha256, ...more };
}

async function expectNothingKept() {
  expect(await readdir(options.cacheDir).catch(() => [])).toEqual([]);
}

describe('weights in the repository', () => {
  it('are found with their digest', async () => {
    await writeFile(join(options.base, 'net.onnx'), bytes);
    const located = await locateWeights('net.onnx', options);
    expect(located.digest).toBe(sha256);
    expect(await readFile(located.file)).toEqual(bytes);
  });

  it('are refused when they are not the bytes that the manifest names', async () => {
    await writeFile(join(options.base, 'net.onnx'), bytes);
    await expect(locateWeights('net.onnx', { ...options, sha256: wrong })).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringMatching(new RegExp(`${wrong}.*${sha256}`)),
    });
  });

  it('name the most similar file when they are missing', async () => {
    await mkdir(join(options.base, 'weights'));
    for (const name of ['zebra.onnx', 'resnet50.onnx', 'notes.txt'])
      await writeFile(join(options.base, 'weights', name), '');
    await expect(locateWeights('weights/resnet5O.onnx', options)).rejects.toMatchObject({
      code: 'weights-missing',
      message: expect.stringContaining('resnet50.onnx, zebra.onnx.'),
    });
  });

  it('say so when only a Git LFS pointer was checked out', async () => {
    await writeFile(
      join(options.base, 'net.onnx'),
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    );
    await expect(locateWeights('net.onnx', options)).rejects.toMatchObject({
      code: 'weights-missing',
      message: expect.stringContaining('lfs: true'),
    });
  });

  it.skipIf(process.getuid?.() === 0)('say so when they may not be read (not as root, who may)', async () => {
    await writeFile(join(options.base, 'net.onnx'), bytes, { mode: 0 });
    await expect(locateWeights('net.onnx', options)).rejects.toMatchObject({
      code: 'weights-missing',
      message: expect.stringMatching(/EACCES.*permission to read/),
    });
  });

  it('never lie outside the allowed directories', async () => {
    await writeFile(join(scratch, 'secret.onnx'), bytes);
    await symlink(join(scratch, 'secret.onnx'), join(options.base, 'link.onnx'));
    for (const path of ['../secret.onnx', 'link.onnx', join(scratch, 'secret.onnx')])
      await expect(locateWeights(path, options)).rejects.toMatchObject({ code: 'path-outside' });
  });
});

describe('weights on a model hub', () => {
  it('are fetched once, verified, and kept by digest', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    const first = await locateWeights(ref, onHub(hub));
    expect(first).toEqual({ file: join(options.cacheDir, `${sha256}.onnx`), digest: sha256 });
    expect(await readFile(first.file)).toEqual(bytes);
    expect(hub.requests.map(({ path }) => path)[0]).toBe('/acme/net/resolve/0123abc/onnx/model%20v1.onnx');
    const before = hub.requests.length;
    expect(await locateWeights(ref, onHub(hub, { offline: true }))).toEqual(first);
    expect(hub.requests).toHaveLength(before);
    expect(await readdir(options.cacheDir)).toEqual([`${sha256}.onnx`]);
  });

  it('are deleted when a byte is wrong, and both digests are said', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    hub.faults.push({ on: 'storage', corrupt: true });
    await expect(locateWeights(ref, onHub(hub))).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringMatching(new RegExp(`${sha256}.*[0-9a-f]{64}`)),
    });
    await expectNothingKept();
  });

  it('are fetched again when the kept file was damaged', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    const { file } = await locateWeights(ref, onHub(hub));
    await writeFile(file, bytes.subarray(1));
    await locateWeights(ref, onHub(hub));
    expect(await readFile(file)).toEqual(bytes);
  });

  it('are taken up where the connection broke', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    hub.faults.push({ on: 'storage', cutAfter: 100_000 }, { on: 'storage', cutAfter: 50_000 });
    const { file } = await locateWeights(ref, onHub(hub));
    expect(await readFile(file)).toEqual(bytes);
    expect(hub.requests.filter(({ server }) => server === 'storage').map(({ range }) => range)).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=150000-',
    ]);
  });

  it('are fetched from the start when the server does not continue', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    hub.faults.push({ on: 'storage', cutAfter: 100_000 }, { on: 'storage', ignoreRange: true });
    const { file } = await locateWeights(ref, onHub(hub));
    expect(await readFile(file)).toEqual(bytes);
  });

  it.each([429, 503])('are asked for again after %i, when the server says so', async (status) => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    hub.faults.push({ on: 'hub', status, headers: { 'retry-after': '0' } }, { on: 'storage', status });
    expect((await locateWeights(ref, onHub(hub))).digest).toBe(sha256);
    expect(hub.requests.map(({ server }) => server)).toEqual(['hub', 'hub', 'storage', 'hub', 'storage']);
  });

  it('are given up after five refusals in a row, and when the wait would be long', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    hub.faults.push(...Array.from({ length: 5 }, () => ({ on: 'hub', status: 429 }) as const));
    await expect(locateWeights(ref, onHub(hub))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('429'),
    });
    expect(hub.requests).toHaveLength(5);
    hub.faults.push({ on: 'hub', status: 429, headers: { 'retry-after': '3600' } });
    await expect(locateWeights(ref, onHub(hub))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('3600 s'),
    });
    expect(hub.requests).toHaveLength(6);
    await expectNothingKept();
  });

  it('show the token to the hub alone', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    await locateWeights(ref, onHub(hub, { token: 'hf_secret' }));
    expect(hub.requests.map(({ server, authorization }) => [server, authorization])).toEqual([
      ['hub', 'Bearer hf_secret'],
      ['storage', undefined],
    ]);
  });

  it('are missing when the hub has no such file', async () => {
    await using hub = await ModelHub.start({});
    await expect(locateWeights(ref, onHub(hub))).rejects.toMatchObject({ code: 'weights-missing' });
  });

  it('point at the token when the file is private', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    hub.faults.push({ on: 'hub', status: 401 });
    await expect(locateWeights(ref, onHub(hub))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('HF_TOKEN'),
    });
  });

  it('are not fetched beyond the size limit', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    await expect(locateWeights(ref, onHub(hub, { limitBytes: 299_999 }))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('299999'),
    });
    await expectNothingKept();
  });

  it('are not fetched offline', async () => {
    await expect(locateWeights(ref, { ...options, sha256, offline: true })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('--offline'),
    });
  });

  it('need a digest', async () => {
    await expect(locateWeights(ref, options)).rejects.toMatchObject({
      code: 'weights-mismatch',
      message: expect.stringContaining('add sha256'),
    });
  });

  it('stop when the run is cancelled', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    hub.faults.push({ on: 'hub', status: 503, headers: { 'retry-after': '30' } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(locateWeights(ref, onHub(hub, { signal: controller.signal }))).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expectNothingKept();
  });
});

describe('weights at an address', () => {
  it('are fetched over https, and a redirect to plain http is refused', async () => {
    await using hub = await ModelHub.start({ [stored]: bytes });
    // The stand-in speaks plain http: it plays the https host, and its redirect then leaves https.
    const secure: typeof fetch = (url, init) => fetch(String(url).replace('https://models.example', hub.url), init);
    const address = 'https://models.example/acme/net/resolve/0123abc/onnx/model%20v1.onnx';
    await expect(locateWeights(address, onHub(hub, { fetch: secure }))).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('not encrypted'),
    });
    hub.faults.push({ on: 'hub', redirect: 'https://storage.example/file' });
    const both: typeof fetch = (url, init) =>
      String(url).startsWith('https://storage.example')
        ? fetch(`${hub.storageUrl}/${encodeURIComponent(stored)}`, init)
        : secure(url, init);
    expect((await locateWeights(address, onHub(hub, { fetch: both }))).digest).toBe(sha256);
  });

  it.each([
    'http://models.example/net.onnx',
    'https://user:word@models.example/net.onnx',
    'ftp://models.example/net.onnx',
    'hf:acme/net/model.onnx',
    'hf:acme/net@main/../../secret.onnx',
  ])('refuses %s', async (bad) => {
    await expect(locateWeights(bad, { ...options, sha256 })).rejects.toMatchObject({ code: 'manifest-invalid' });
  });
});
