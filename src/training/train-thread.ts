import type { Worker } from 'node:worker_threads';
import { TransferEvidenceError } from '../errors.ts';
import { startWorker } from '../worker-entry.ts';
import type {
  FromTrainer,
  ThreadOptions,
  ToTrainer,
  TrainTask,
  TrainTasks,
  TrainWorkerData,
} from './train-protocol.ts';
import {
  cancelled,
  type Speed,
  type Steps,
  type TrainingResult,
  type TrainingRun,
  type TrainingState,
} from './trainer-options.ts';

interface Pending {
  resolve(answer: never): void;
  reject(error: unknown): void;
  onChunk?: ((done: number, steps: Steps) => void) | undefined;
}

/**
 * A thread with a trainer in it: the same calls, answered without holding the caller's thread. Calls are answered in
 * the order made. When the thread dies, every call that waits and every later one fails with device-unavailable.
 */
export class TrainThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #gone: Promise<void>;
  #next = 0;
  #dead: TransferEvidenceError | undefined;

  /** @param natives the folder that holds the node_modules with onnxruntime-node (see loadNatives) */
  constructor(natives: string) {
    this.#worker = startWorker('train', { natives } satisfies TrainWorkerData);
    this.#worker.on('message', (message: FromTrainer) => this.#hear(message));
    this.#worker.on('error', (error) => this.#die(error));
    this.#gone = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#die(new Error(`exit code ${code}`));
        resolve();
      });
    });
  }

  /** Opens a network, instead of the one before; see Trainer.open. */
  async open(options: ThreadOptions): Promise<{ parameters: number }> {
    return this.#ask('open', options);
  }

  /** See Trainer.reset. */
  async reset(standardiseBy: readonly number[], weights?: ReadonlyMap<string, Float32Array>): Promise<void> {
    await this.#ask('reset', { standardiseBy, ...(weights && { weights }) });
  }

  /**
   * See Trainer.train. A signal ends it after the chunk under way, about a second; the trainer can be reset and used
   * again.
   * @throws when the signal fires its reason, where that is one of the program's errors, otherwise cancelled
   */
  async train(
    run: TrainingRun,
    { onChunk, signal }: { onChunk?: (done: number, steps: Steps) => void; signal?: AbortSignal } = {},
  ): Promise<TrainingResult> {
    if (signal?.aborted) throw cancelled(signal);
    const id = this.#next;
    const cancel = () => this.#worker.postMessage({ kind: 'cancel', id } satisfies ToTrainer);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await this.#ask('train', run, onChunk);
    } catch (error) {
      // The reason stays on this side.
      throw signal?.aborted && error instanceof TransferEvidenceError && error.code === 'cancelled'
        ? cancelled(signal)
        : error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** See Trainer.state. */
  async state(): Promise<TrainingState> {
    return this.#ask('state', null);
  }

  /** See Trainer.restore. */
  async restore(state: TrainingState): Promise<void> {
    await this.#ask('restore', state);
  }

  /** See Trainer.predict. */
  async predict(images: readonly number[]): Promise<Float32Array> {
    return this.#ask('predict', images);
  }

  /** See Trainer.weights. */
  async weights(): Promise<Map<string, Float32Array>> {
    return this.#ask('weights', null);
  }

  /** See Trainer.measure. */
  async measure(seconds?: number): Promise<Speed> {
    return this.#ask('measure', seconds === undefined ? {} : { seconds });
  }

  /** Ends the thread after the chunk under way and waits until it has; calls that wait fail with cancelled. */
  async close(): Promise<void> {
    if (!this.#dead) {
      this.#fail(new TransferEvidenceError('cancelled', 'The thread that trains was closed.'));
      this.#worker.postMessage({ kind: 'stop' } satisfies ToTrainer);
    }
    await this.#gone;
  }

  #ask<Task extends TrainTask>(
    task: Task,
    given: TrainTasks[Task]['given'],
    onChunk?: Pending['onChunk'],
  ): Promise<TrainTasks[Task]['answer']> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(this.#dead);
      const id = this.#next++;
      this.#pending.set(id, { resolve, reject, onChunk });
      this.#worker.postMessage({ kind: 'task', id, task, given } as ToTrainer);
    });
  }

  #hear(message: FromTrainer): void {
    const pending = this.#pending.get(message.id);
    if (message.kind === 'chunk') {
      try {
        pending?.onChunk?.(message.done, message.steps);
      } catch (error) {
        // Whoever listens and throws ends the training, and hears of it where the call was made.
        pending!.reject(error);
        this.#pending.delete(message.id);
        this.#worker.postMessage({ kind: 'cancel', id: message.id } satisfies ToTrainer);
      }
      return;
    }
    this.#pending.delete(message.id);
    if (message.kind === 'failed') pending?.reject(new TransferEvidenceError(message.code, message.message));
    else pending?.resolve(message.answer as never);
  }

  #die(cause: Error): void {
    // The error comes before the exit and says more.
    if (this.#dead) return;
    this.#fail(
      new TransferEvidenceError(
        'device-unavailable',
        `The thread that trains ended by itself: ${cause.message.split('\n')[0]}. It may have run out of memory; train on fewer or smaller images, or a smaller network.`,
        { cause },
      ),
    );
  }

  #fail(error: TransferEvidenceError): void {
    this.#dead = error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
