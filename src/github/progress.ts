import * as core from '@actions/core';
import type { Progress } from '../progress.ts';

const secondsBetweenLines = 10;

/** Progress for a job's log: a line now and then, since nothing there can be overwritten. */
export function logProgress(now: () => number = Date.now): Progress {
  let last = now();
  return {
    info: (text) => core.info(text),
    step: (name, done, total) => {
      if (done < total && now() - last < secondsBetweenLines * 1000) return;
      last = now();
      core.info(`${name}: ${done} of ${total}`);
    },
  };
}
