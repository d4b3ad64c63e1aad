import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** How npm is started: a program and the arguments before npm's own. */
export interface Npm {
  command: string;
  leading: string[];
}

/**
 * npm beside the running Node (as runners lay it out), else on PATH. npm is run by the running Node itself, so that no
 * shell takes part and an older Node on PATH does not matter.
 */
export function findNpm(execPath = process.execPath, path = process.env.PATH ?? ''): Npm | undefined {
  const bin = dirname(execPath);
  const script = ['npm', 'bin', 'npm-cli.js'];
  const beside = [join(bin, '..', 'lib', 'node_modules', ...script), join(bin, 'node_modules', ...script)];
  const onPath = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => [join(folder, 'npm'), join(folder, 'node_modules', ...script)])
    .filter((file) => existsSync(file))
    .map((file) => realpathSync(file));
  const cli = [...beside, ...onPath].find((file) => file.endsWith('.js') && existsSync(file));
  if (cli !== undefined) return { command: execPath, leading: [cli] };
  // A version manager's wrapper is a program of its own; Windows cannot start one without a shell.
  const wrapper = process.platform === 'win32' ? undefined : onPath[0];
  return wrapper === undefined ? undefined : { command: wrapper, leading: [] };
}

/**
 * Runs npm in a folder and resolves with its exit status and the end of what it printed. The job's secrets are kept from it.
 */
export function runNpm(
  npm: Npm,
  args: readonly string[],
  folder: string,
  timeout: number,
): Promise<{ status: number | null; output: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(INPUT_|ACTIONS_|GITHUB_TOKEN$|GH_TOKEN$|HF_TOKEN$)/i.test(name)),
  );
  return new Promise((resolve) => {
    const child = spawn(npm.command, [...npm.leading, ...args], {
      cwd: folder,
      env: { ...env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-2000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ status: null, output: error.message }));
    child.on('close', (status) => resolve({ status, output }));
  });
}
