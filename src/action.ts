import * as core from '@actions/core';
import { readInputs } from './github/inputs.ts';
import { run } from './github/run.ts';
import { readRunner } from './github/runner.ts';

try {
  const runner = readRunner(process.env);
  const inputs = readInputs((name) => core.getInput(name), runner.workspace);
  if (inputs.token !== '') core.setSecret(inputs.token);
  await run(inputs, runner);
} catch (error) {
  core.setFailed(error instanceof Error ? error : String(error));
}
