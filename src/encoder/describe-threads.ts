import type { Worker } from 'node:worker_threads';
import { type ErrorCode, TransferEvidenceError } from '../errors.ts';
import { startWorker } from '../worker-entry.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './describe-protocol.ts';

/** What a conductor is told: everything that is not about the threads themselves. */
type Answer = Exclude<FromWorker, { kind: 'ready' | 'failed' }>;

/** How a conductor steers the threads; it returns what to do with their answers. */
export type Conduct = (
  send: (thread: number, task: ToWorker, transfer?: ArrayBuffer[]) => void,
  finish: () => void,
) => (thread: number, answer: Answer) => void;

/** Pixels are garbage at once; in a small nursery their memory is given back before much of it gathers. */
const memory = { maxYoungGenerationSizeMb: 8 };

/**
 * Runs one thread per setup until the conductor calls `finish`. Whatever happens, no thread is left behind.
 * @returns false when a device left some operators to the processor
 * @throws cancelled when the signal fires; the first error of any thread
 */
export async function runThreads(
  setups: readonly WorkerSetup[],
  signal: AbortSignal | undefined,
  conduct: Conduct,
): Promise<boolean> {
  const workers: Worker[] = [];
  let wholly = true;
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(new TransferEvidenceError('cancelled', 'Describing images was cancelled.'));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      workers.push(...setups.map((setup) => startWorker('describe', setup, memory)));
      const answered = conduct((thread, task, transfer) => workers[thread]!.postMessage(task, transfer ?? []), resolve);
      for (const [thread, worker] of workers.entries()) {
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`A thread that describes images ended by itself (${code}).`)));
        worker.on('message', (message: FromWorker) => {
          if (message.kind === 'ready') wholly &&= message.wholly;
          else if (message.kind === 'failed')
            reject(new TransferEvidenceError(message.code as ErrorCode, message.message));
          else
            try {
              answered(thread, message);
            } catch (error) {
              reject(error);
            }
        });
      }
    });
    return wholly;
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await Promise.all(workers.map(stopped));
  }
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
    worker.postMessage({ kind: 'stop' } satisfies ToWorker);
  });
}
