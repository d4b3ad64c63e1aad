#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { neededNode, nodeBeside, runAgain } from './command-line/node-24.ts';

const program = fileURLToPath(import.meta.url);
const beside = nodeBeside(dirname(program));

if (Number.parseInt(process.versions.node, 10) >= neededNode) {
  // Images are decoded on libuv's threads, of which there are four unless the process says so before it uses any.
  process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));
  const { runCommandLine } = await import('./command-line/run.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2), process);
} else if (beside !== null) process.exitCode = await runAgain(beside, [program, ...process.argv.slice(2)]);
else {
  process.stderr.write(
    `Error (runtime-missing): Node ${neededNode} or later is needed; this is ${process.version}. Install it, or on Linux x64 run “npm ci” in the program's folder, which brings it.\n`,
  );
  process.exitCode = 3;
}
