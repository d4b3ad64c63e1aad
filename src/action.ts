import { availableParallelism } from 'node:os';
import * as core from '@actions/core';
import { TransferEvidenceError } from './errors.ts';
import { readInputs } from './github/inputs.ts';
import { run } from './github/run.ts';
import { readRunner } from './github/runner.ts';

// Images are decoded on libuv's threads, of which there are four unless the process says so before it uses any.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

try {
  const runner = readRunner(process.env);
  const inputs = readInputs((name) => core.getInput(name), runner.workspace);
  if (inputs.token !== '') core.setSecret(inputs.token);
  await run(inputs, runner);
} catch (error) {
  // An expected error explains itself; of any other the trace is wanted.
  if (!(error instanceof TransferEvidenceError)) core.info(error instanceof Error ? String(error.stack) : '');
  core.setFailed(error instanceof Error ? error.message : String(error));
}
