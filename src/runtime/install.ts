import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { TransferEvidenceError } from '../errors.ts';
import { findNpm, type Npm, runNpm } from './npm.ts';
import type { Pinned } from './pinned.ts';

const marker = 'complete.json';
const markerSchema = z.object({ lock: z.string(), files: z.record(z.string(), z.number()) });
const installMinutes = 10;

/** Where installed natives are kept: the runner's tool cache, or the user's cache folder on other machines. */
export function defaultToolCache(environment: NodeJS.ProcessEnv = process.env): string {
  return (
    environment.RUNNER_TOOL_CACHE || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'transfer-evidence')
  );
}

/** The one folder of a tool cache that may hold this lock's packages for this platform. */
export function cachedFolder(toolCache: string, pinned: Pinned): string {
  const { 'onnxruntime-node': onnxruntime, sharp } = pinned.versions;
  const version = `${onnxruntime}-${sharp}-${pinned.digest.slice(0, 12)}`;
  return join(toolCache, 'transfer-evidence-natives', version, `${process.platform}${libc()}-${process.arch}`);
}

/** True when the folder was installed to the end from this lock and none of its native files is missing or cut short. */
export function isComplete(folder: string, pinned: Pinned): boolean {
  try {
    const { lock, files } = markerSchema.parse(JSON.parse(readFileSync(join(folder, marker), 'utf8')));
    return (
      lock === pinned.digest &&
      Object.entries(files).every(([file, size]) => statSync(join(folder, file)).size === size)
    );
  } catch {
    return false;
  }
}

/**
 * Installs the pinned packages into the tool cache: hashes checked by npm against the lock, no install scripts, other
 * platforms' binaries removed. It happens in a folder of its own that is renamed at the end, so that jobs at the same
 * time never see each other's halves; whoever renames first wins.
 * @returns the folder that holds node_modules
 * @throws runtime-missing when there is no npm or npm failed
 */
export async function installPinned(
  pinned: Pinned,
  toolCache: string,
  npm: Npm | undefined = findNpm(),
): Promise<string> {
  const target = cachedFolder(toolCache, pinned);
  if (npm === undefined)
    throw new TransferEvidenceError(
      'runtime-missing',
      `npm was found neither beside ${process.execPath} nor on PATH, so the pinned packages cannot be installed.`,
    );
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), '.installing-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(pinned.folder, file), join(work, file));
    const { status, output } = await runNpm(
      npm,
      ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'],
      work,
      installMinutes * 60_000,
    );
    if (status !== 0)
      throw new TransferEvidenceError(
        'runtime-missing',
        `npm ci of the pinned packages ${status === null ? `did not finish within ${installMinutes} minutes or could not start` : `ended with status ${status}`}: ${lastLines(output)}`,
      );
    removeOtherPlatforms(join(work, 'node_modules', 'onnxruntime-node', 'bin'));
    writeFileSync(join(work, marker), JSON.stringify({ lock: pinned.digest, files: nativeFiles(work) }));
    publish(work, target, pinned);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function publish(work: string, target: string, pinned: Pinned): void {
  if (existsSync(target) && !isComplete(target, pinned)) {
    // Damaged after it was installed (a disk that filled up, a cleaner): moved aside, never repaired in place.
    const aside = mkdtempSync(join(dirname(target), '.damaged-'));
    renameSync(target, join(aside, 'old'));
    rmSync(aside, { recursive: true, force: true });
  }
  try {
    renameSync(work, target);
  } catch (error) {
    if (!isComplete(target, pinned))
      throw new TransferEvidenceError(
        'runtime-missing',
        `The installed packages could not be moved to ${target}: ${(error as Error).message}`,
        { cause: error },
      );
  }
}

/** bin/napi-v6/PLATFORM/ARCH: everything but this machine's is 250 MB that nothing here can load. */
function removeOtherPlatforms(bin: string): void {
  for (const api of readdirSync(bin))
    for (const platform of readdirSync(join(bin, api)))
      for (const arch of readdirSync(join(bin, api, platform)))
        if (platform !== process.platform || arch !== process.arch)
          rmSync(join(bin, api, platform, arch), { recursive: true });
}

function nativeFiles(folder: string): Record<string, number> {
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && (/\.(node|dylib|dll)$|\.so(\.|$)/.test(entry.name) || entry.name === 'package.json'),
    )
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [relative(folder, file), statSync(file).size]));
}

/** sharp's binaries differ between glibc and musl. */
function libc(): string {
  if (process.platform !== 'linux') return '';
  // Without this the report looks up host names, which can take seconds.
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  report.excludeNetwork = true;
  const { header } = report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? 'musl' : '';
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-4).join(' / ');
}
