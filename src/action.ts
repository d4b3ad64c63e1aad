import { availableParallelism } from 'node:os';
import * as core from '@actions/core';
import { TransferEvidenceError } from './errors.ts';
import { storeTheUnstored } from './github/cache.ts';
import { readInputs } from './github/inputs.ts';
import { run } from './github/run.ts';
import { readRunner } from './github/runner.ts';

// Images are decoded on libuv's threads, of which there are four unless the process says so before it uses any.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

/** Left by the main step to the one after it, by which they know which of the two they are. */
const begun = 'begun';
const isAfter = core.getState(begun) !== '';

try {
  core.saveState(begun, true);
  const runner = readRunner(process.env);
  const inputs = readInputs((name) => core.getInput(name), runner.workspace);
  if (inputs.token !== '') core.setSecret(inputs.token);
  await (isAfter ? storeTheUnstored(inputs.cache, runner) : run(inputs, runner));
} catch (error) {
  // An expected error explains itself; of any other the trace is wanted.
  if (!(error instanceof TransferEvidenceError)) core.info(error instanceof Error ? String(error.stack) : '');
  const message = error instanceof Error ? error.message : String(error);
  // The job has its result when the step after it runs.
  if (isAfter) core.info(message);
  else core.setFailed(message);
}
