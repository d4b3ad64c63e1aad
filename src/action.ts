import { availableParallelism } from 'node:os';
import * as core from '@actions/core';
import { TransferEvidenceError } from './errors.ts';
import { storeInPostStep } from './github/cache.ts';
import { readInputs } from './github/inputs.ts';
import { run } from './github/run.ts';
import { readRunner } from './github/runner.ts';

// Images are decoded on libuv's threads, of which there are four unless the process says so before it uses any.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(4, availableParallelism()));

/** The main step leaves this to the post step, which runs the same file and so knows that it is the post step. */
const begun = 'begun';
const isPostStep = core.getState(begun) !== '';

try {
  if (!isPostStep) core.saveState(begun, true);
  const runner = readRunner(process.env);
  const inputs = readInputs((name) => core.getInput(name), runner.workspace);
  if (inputs.token !== '') core.setSecret(inputs.token);
  await (isPostStep ? storeInPostStep(inputs.cache, runner) : run(inputs, runner));
} catch (error) {
  // An expected error explains itself; of any other the trace is wanted.
  if (!(error instanceof TransferEvidenceError)) core.info(error instanceof Error ? String(error.stack) : '');
  const message = error instanceof Error ? error.message : String(error);
  // The job has its result by then.
  if (isPostStep) core.info(message);
  else core.setFailed(message);
}
