import type { Worker } from 'node:worker_threads';
import { TransferEvidenceError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { startWorker } from '../worker-entry.ts';
import { checkFeatures } from './linear/evaluate.ts';
import type { ProbeAnswer, ProbeTask, ProbeWorkerData, ToProbeWorker } from './probe-worker.ts';
import type { ProbeProtocol, ProbeResult, SplitResult } from './protocol.ts';
import { gatherResults } from './result.ts';

export type { ProbeProtocol, ProbeResult } from './protocol.ts';

/** Part of every stored result's key: raised whenever the same features would give another number. */
export const probeVersion = 4;

export interface ProbeJob {
  id: string;
  /**
   * Images × columns, in the order of the protocol's labels: a network's features, or a control's, such as the mean
   * colour of each image in three columns.
   */
  features: Matrix;
}

export interface RunOptions {
  /** Worker threads; the numbers do not depend on how many. */
  threads: number;
  /**
   * The folder that holds the node_modules with onnxruntime-node (see loadNatives), for products on compiled code. Without it
   * they are loops, slower, and differ by rounding.
   */
  natives?: string | undefined;
  /** Splits done, of all jobs together. */
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Runs the linear probe of every job. Each split is a task of its own and depends on nothing but its features and the
 * protocol, so results are the same to the last bit however they are shared out.
 * @throws measure-refused as {@link checkFeatures} and the probe do
 * @throws the signal's reason where that is one of the program's errors, otherwise cancelled
 */
export async function runProbes(
  jobs: readonly ProbeJob[],
  protocol: ProbeProtocol,
  { threads, natives, onProgress, signal }: RunOptions,
): Promise<Map<string, ProbeResult>> {
  if (signal?.aborted) throw cancelled(signal);
  for (const { features } of jobs) checkFeatures(features, protocol);
  const tasks = jobs.flatMap((_, job) => protocol.splits.map((_, split): ProbeTask => ({ job, split })));
  const found: SplitResult[][] = jobs.map(() => []);
  if (tasks.length > 0) {
    const data: ProbeWorkerData = { features: jobs.map(({ features }) => shared(features)), protocol, natives };
    const workers = Array.from({ length: Math.max(1, Math.min(threads, tasks.length)) }, () =>
      startWorker('probe', data),
    );
    try {
      await shareOut(workers, tasks, { found, onProgress, signal });
    } finally {
      await Promise.all(workers.map(stopped));
    }
  }
  return new Map(jobs.map(({ id }, job) => [id, gatherResults(protocol, found[job]!)]));
}

/**
 * Asks a thread to end and waits until it has. Terminating it instead would take down the whole process when the thread
 * is inside the runtime, whose binding throws where nothing can catch it.
 */
function stopped(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    // A thread that is gone has no id any more.
    if (worker.threadId === -1) return resolve();
    worker.once('exit', () => resolve());
    worker.postMessage('stop' satisfies ToProbeWorker);
  });
}

function shareOut(
  workers: readonly Worker[],
  tasks: readonly ProbeTask[],
  run: { found: SplitResult[][]; onProgress: RunOptions['onProgress']; signal: RunOptions['signal'] },
): Promise<void> {
  const { found, onProgress, signal } = run;
  return new Promise((resolve, reject) => {
    let next = 0;
    let done = 0;
    const give = (worker: Worker) => {
      if (next < tasks.length) worker.postMessage(tasks[next++]);
    };
    const abort = () => reject(cancelled(signal));
    signal?.addEventListener('abort', abort, { once: true });
    const finish = (act: () => void) => {
      signal?.removeEventListener('abort', abort);
      act();
    };
    for (const worker of workers) {
      worker.on('message', (answer: ProbeAnswer) => {
        if ('error' in answer)
          return finish(() => reject(new TransferEvidenceError(answer.error.code, answer.error.message)));
        found[answer.task.job]![answer.task.split] = answer.result;
        done++;
        onProgress?.(done, tasks.length);
        if (done === tasks.length) return finish(resolve);
        give(worker);
      });
      worker.on('error', (error) => finish(() => reject(error)));
      give(worker);
    }
  });
}

function cancelled(signal: AbortSignal | undefined): unknown {
  return signal?.reason instanceof TransferEvidenceError
    ? signal.reason
    : new TransferEvidenceError('cancelled', 'The probes were stopped before they were done.');
}

/** The same numbers in memory that threads can read without copying. */
function shared({ data, rows, columns }: Matrix): Matrix {
  const buffer = new SharedArrayBuffer(data.byteLength);
  const copy = data instanceof Float32Array ? new Float32Array(buffer) : new Float64Array(buffer);
  copy.set(data);
  return { data: copy, rows, columns };
}
