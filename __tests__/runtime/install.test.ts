import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { cachedFolder, defaultToolCache, installPinned, isComplete } from '../../src/runtime/install.ts';
import { findNpm } from '../../src/runtime/npm.ts';
import { readPinned } from '../../src/runtime/pinned.ts';
import { fakeNpm } from '../helpers/fake-npm.ts';

const pinned = readPinned();
const scratch = await mkdtemp(join(tmpdir(), 'install-'));
afterAll(() => rm(scratch, { recursive: true }));

let folder: string;
let toolCache: string;
beforeEach(async () => {
  folder = await mkdtemp(join(scratch, 'case-'));
  toolCache = join(folder, 'cache');
});

/** What lies beside the finished folder: nothing, when nothing was left behind. */
async function besides(): Promise<string[]> {
  const target = cachedFolder(toolCache, pinned);
  return (await readdir(dirname(target))).filter((name) => join(dirname(target), name) !== target);
}

describe('the pinned install', () => {
  it('asks npm for exactly the lock, without scripts', async () => {
    const seen = join(folder, 'seen.json');
    const npm = await fakeNpm(
      folder,
      `writeFileSync(${JSON.stringify(seen)}, JSON.stringify([process.argv.slice(2), process.env]));`,
    );
    vi.stubEnv('INPUT_GITHUB-TOKEN', 'secret');
    vi.stubEnv('HF_TOKEN', 'secret');
    vi.stubEnv('NPM_CONFIG_REGISTRY', 'https://mirror.example');
    const installed = await installPinned(pinned, toolCache, npm).finally(() => vi.unstubAllEnvs());
    const [args, environment] = JSON.parse(await readFile(seen, 'utf8'));
    expect(args).toEqual(['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund']);
    expect(environment).toMatchObject({
      ONNXRUNTIME_NODE_INSTALL: 'skip',
      NPM_CONFIG_REGISTRY: 'https://mirror.example',
    });
    expect(Object.values(environment)).not.toContain('secret');
    expect(await readFile(join(installed, 'package-lock.json'), 'utf8')).toBe(
      await readFile(join(pinned.folder, 'package-lock.json'), 'utf8'),
    );
  });

  it('keeps this platform’s binaries and no others', async () => {
    const installed = await installPinned(pinned, toolCache, await fakeNpm(folder));
    const binaries = join(installed, 'node_modules/onnxruntime-node/bin/napi-v6');
    expect(existsSync(join(binaries, process.platform, process.arch, 'libonnxruntime.so.1'))).toBe(true);
    expect(existsSync(join(binaries, process.platform, 'other'))).toBe(false);
    expect(existsSync(join(binaries, 'other', 'x64'))).toBe(false);
  });

  it('is complete only with its marker, for its lock, and with every native file whole', async () => {
    const installed = await installPinned(pinned, toolCache, await fakeNpm(folder));
    expect(isComplete(installed, pinned)).toBe(true);
    expect(isComplete(installed, { ...pinned, digest: 'another' })).toBe(false);
    await truncate(join(installed, 'node_modules/sharp/lib/sharp.node'), 3);
    expect(isComplete(installed, pinned)).toBe(false);
    expect(isComplete(folder, pinned)).toBe(false);
  });

  it('leaves nothing behind when npm fails, and says what npm said', async () => {
    const npm = await fakeNpm(folder, "console.error('npm error 404 no such package'); process.exit(1);");
    await expect(installPinned(pinned, toolCache, npm)).rejects.toMatchObject({
      code: 'runtime-missing',
      message: expect.stringMatching(/status 1.*404 no such package/),
    });
    expect(existsSync(cachedFolder(toolCache, pinned))).toBe(false);
    expect(await besides()).toEqual([]);
  });

  it('says so when there is no npm', async () => {
    await expect(
      installPinned(pinned, toolCache, { command: join(folder, 'absent'), leading: [] }),
    ).rejects.toMatchObject({ code: 'runtime-missing' });
    expect(findNpm(join(folder, 'bin', 'node'), join(folder, 'nowhere'))).toBeUndefined();
  });

  it('gives one whole folder to jobs that install at the same time', async () => {
    const npm = await fakeNpm(folder);
    const all = await Promise.all([1, 2, 3].map(() => installPinned(pinned, toolCache, npm)));
    expect(new Set(all).size).toBe(1);
    expect(isComplete(all[0]!, pinned)).toBe(true);
    expect(await besides()).toEqual([]);
  });

  it('replaces a damaged folder', async () => {
    const target = cachedFolder(toolCache, pinned);
    await mkdir(join(target, 'node_modules', 'sharp'), { recursive: true });
    await installPinned(pinned, toolCache, await fakeNpm(folder));
    expect(isComplete(target, pinned)).toBe(true);
    expect(await besides()).toEqual([]);
  });

  it('uses the runner’s tool cache, else the user’s cache folder', () => {
    expect(defaultToolCache({ RUNNER_TOOL_CACHE: '/opt/tools' })).toBe('/opt/tools');
    expect(defaultToolCache({ XDG_CACHE_HOME: '/home/ada/.cache' })).toBe(
      join('/home/ada/.cache', 'transfer-evidence'),
    );
  });
});

describe('npm is found', () => {
  it('beside Node, as runners lay it out', async () => {
    const cli = join(folder, 'lib/node_modules/npm/bin/npm-cli.js');
    await mkdir(dirname(cli), { recursive: true });
    await writeFile(cli, '');
    const node = join(folder, 'bin', 'node');
    expect(findNpm(node, '')).toEqual({
      command: node,
      leading: [join(folder, 'bin', '..', 'lib/node_modules/npm/bin/npm-cli.js')],
    });
  });

  it.skipIf(process.platform === 'win32')('on PATH, through its link', async () => {
    const cli = join(folder, 'npm-cli.js');
    await writeFile(cli, '');
    await mkdir(join(folder, 'path'));
    await symlink(cli, join(folder, 'path', 'npm'));
    const path = [join(folder, 'empty'), join(folder, 'path')].join(':');
    expect(findNpm('/opt/node', path)).toMatchObject({
      command: '/opt/node',
      leading: [expect.stringMatching(/npm-cli\.js$/)],
    });
  });
});
