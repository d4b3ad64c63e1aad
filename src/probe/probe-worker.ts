import { parentPort } from 'node:worker_threads';
import { type ErrorCode, TransferEvidenceError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { linearProbeSplit } from './linear/evaluate.ts';
import type { ProbeProtocol, SplitResult } from './protocol.ts';

/** What a worker thread is started with; feature matrices are in shared memory. */
export interface ProbeWorkerData {
  features: readonly Matrix[];
  protocol: ProbeProtocol;
}

/** One split of one job, by index. */
export interface ProbeTask {
  job: number;
  split: number;
}

export type ProbeAnswer =
  | { task: ProbeTask; result: SplitResult }
  | { task: ProbeTask; error: { code: ErrorCode; message: string } };

/** Answers tasks until the thread is ended. An error that is not the program's own ends it. */
export function runProbeWorker(data: ProbeWorkerData): void {
  parentPort!.on('message', (task: ProbeTask) => parentPort!.postMessage(runProbeTask(data, task)));
}

function runProbeTask({ features, protocol }: ProbeWorkerData, task: ProbeTask): ProbeAnswer {
  try {
    return { task, result: linearProbeSplit(features[task.job]!, protocol, task.split) };
  } catch (error) {
    if (!(error instanceof TransferEvidenceError)) throw error;
    return { task, error: { code: error.code, message: error.message } };
  }
}
