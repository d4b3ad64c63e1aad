import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cachedFolder, installPinned } from '../../src/runtime/install.ts';
import { loadNatives, type NativesOptions } from '../../src/runtime/natives.ts';
import { readPinned } from '../../src/runtime/pinned.ts';
import { fakeNpm } from '../helpers/fake-npm.ts';
import { writePackage } from '../helpers/fake-packages.ts';

const pinned = readPinned();
const { sharp: sharpVersion } = pinned.versions;
const scratch = await mkdtemp(join(tmpdir(), 'natives-'));
afterAll(() => rm(scratch, { recursive: true }));

let folder: string;
let lines: string[];
let options: NativesOptions;
beforeEach(async () => {
  folder = await mkdtemp(join(scratch, 'case-'));
  lines = [];
  // Nothing lies above a temporary folder, so that only what a test puts somewhere can be found.
  options = {
    need: ['sharp'],
    program: folder,
    toolCache: join(folder, 'cache'),
    offline: true,
    log: (line) => lines.push(line),
  };
});

const fake = (name: string) => `module.exports = { from: '${name}' };`;

describe('native packages', () => {
  it('come from the program itself where it has them, and only those that are needed', async () => {
    const { sharp, onnxruntime, from } = await loadNatives({ need: ['sharp'], offline: true, log: () => {} });
    expect(sharp!.versions.sharp).toBe(sharpVersion);
    expect(onnxruntime).toBeUndefined();
    expect(from).toEqual({ sharp: { folder: expect.any(String), version: sharpVersion, how: 'program' } });
  });

  it('come from the workspace when its version is the pinned one, and from nowhere when it is not', async () => {
    const workspace = join(folder, 'workspace');
    await writePackage(workspace, 'sharp', '0.1.2', fake('old'));
    await expect(loadNatives({ ...options, workspace })).rejects.toMatchObject({ code: 'runtime-missing' });
    await writePackage(workspace, 'sharp', sharpVersion, fake('workspace'));
    const { sharp, from } = await loadNatives({ ...options, workspace });
    expect(sharp).toEqual({ from: 'workspace' });
    expect(from.sharp).toEqual({ folder: workspace, version: sharpVersion, how: 'workspace' });
  });

  it('are looked for further when a copy cannot be loaded', async () => {
    const workspace = join(folder, 'workspace');
    await writePackage(folder, 'sharp', sharpVersion, "throw new Error('wrong libc');");
    await writePackage(workspace, 'sharp', sharpVersion, fake('workspace'));
    const { from } = await loadNatives({ ...options, workspace });
    expect(from.sharp!.how).toBe('workspace');
    expect(lines.join()).toContain('wrong libc');
  });

  it('come from the tool cache once they were installed, and never from a damaged one', async () => {
    const cached = await installPinned(pinned, options.toolCache!, await fakeNpm(folder));
    const { sharp, from } = await loadNatives(options);
    expect(sharp).toEqual({ name: 'sharp' });
    expect(from.sharp).toEqual({
      folder: cachedFolder(options.toolCache!, pinned),
      version: sharpVersion,
      how: 'tool-cache',
    });
    await appendFile(join(cached, 'node_modules/sharp/lib/sharp.node'), 'x');
    await expect(loadNatives(options)).rejects.toMatchObject({ code: 'runtime-missing' });
  });

  it('that cannot be had are an error that says how to provide them', async () => {
    await expect(loadNatives(options)).rejects.toMatchObject({
      code: 'runtime-missing',
      message: expect.stringMatching(
        /--offline.*npm install --ignore-scripts.*onnxruntime-node@.*sharp@.*--runtime-path/,
      ),
    });
  });
});

describe('a local copy', () => {
  it('goes before everything else, in another version too', async () => {
    await writePackage(join(folder, 'copy'), 'sharp', '9.9.9', fake('copy'));
    const { sharp, from } = await loadNatives({
      need: ['sharp'],
      localCopy: join(folder, 'copy'),
      log: (line) => lines.push(line),
    });
    expect(sharp).toEqual({ from: 'copy' });
    expect(from.sharp).toMatchObject({ version: '9.9.9', how: 'local-copy' });
    expect(lines.join()).toMatch(/9\.9\.9.*tested with/);
  });

  it('without the package, or with one that cannot be loaded, is an error and nothing else is tried', async () => {
    const localCopy = join(folder, 'copy');
    await expect(loadNatives({ ...options, program: undefined, localCopy })).rejects.toMatchObject({
      code: 'runtime-missing',
      message: expect.stringContaining(join('node_modules', 'sharp').replaceAll('\\', '/')),
    });
    await writePackage(localCopy, 'sharp', sharpVersion, "throw new Error('invalid ELF header');");
    await expect(loadNatives({ ...options, program: undefined, localCopy })).rejects.toMatchObject({
      code: 'runtime-missing',
      message: expect.stringContaining('invalid ELF header'),
    });
  });
});
