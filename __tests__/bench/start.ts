import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const shipped = join(repository, 'dist', 'cli', 'index.js');

export interface StartResult {
  /** Medians in seconds, from the start of the process to its end. */
  node: number;
  check: number;
  unchanged: number;
}

/**
 * How long a run takes that has nothing to measure: `check`, and a `review` whose evidence is all there, each against
 * starting Node alone. The three take turns.
 */
export function benchStart(rounds = 7): StartResult {
  const demo = spawnSync(process.execPath, [join(repository, 'examples', 'demo', 'run.ts')], { encoding: 'utf8' });
  if (demo.status !== 0) throw new Error(`The demo failed:\n${demo.stderr}`);
  const manifest = join(repository, 'demo-output', 'transfer.yml');
  const out = mkdtempSync(join(tmpdir(), 'bench-'));
  const common = [manifest, '--out', out, '--store', join(repository, 'demo-output', 'store'), '--offline'];
  const time = (args: string[]): number => {
    const started = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
    return (performance.now() - started) / 1000;
  };
  const runs = Array.from({ length: rounds }, () => ({
    node: time(['-e', '']),
    check: time([shipped, 'check', ...common]),
    unchanged: time([shipped, 'review', ...common]),
  }));
  rmSync(out, { recursive: true });
  const median = (of: (run: StartResult) => number) => runs.map(of).sort((a, b) => a - b)[rounds >> 1]!;
  return {
    node: median((run) => run.node),
    check: median((run) => run.check),
    unchanged: median((run) => run.unchanged),
  };
}

if (import.meta.main) {
  const { node, check, unchanged } = benchStart();
  const line = (name: string, seconds: number) =>
    console.log(`${name.padEnd(22)} ${seconds.toFixed(2)} s, ${(seconds / node).toFixed(1)} × starting Node`);
  line('check', check);
  line('review, unchanged', unchanged);
}
