import { isAbsolute, relative } from 'node:path';
import type { Device } from '../runtime/device.ts';

/** What changes the numbers, or what the manifest may read. */
export interface CommandOptions {
  seed: number;
  device: Device;
  /** The root of the repository, where the command is given. */
  workspace: string;
  /** Whole paths. */
  dataRoots: readonly string[];
}

/** The command, for a POSIX shell at the root of the repository, that measures the same again. */
export function commandOf(mode: 'check' | 'review', manifest: string, options: CommandOptions): string {
  const { seed, device, dataRoots, workspace } = options;
  return [
    'transfer-evidence',
    mode,
    wordOf(manifest),
    ...dataRoots.flatMap((root) => ['--data-root', wordOf(from(workspace, root))]),
    ...(device === 'auto' ? [] : ['--device', device]),
    `--seed ${seed}`,
  ].join(' ');
}

/** Inside the repository the path from there, which is the same on every machine. */
function from(workspace: string, root: string): string {
  const path = relative(workspace, root);
  return path === '' ? '.' : path.startsWith('..') || isAbsolute(path) ? root : path;
}

function wordOf(text: string): string {
  const plain = /^[\w./@%+=:,-]+$/.test(text) && !text.startsWith('-');
  return plain ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
