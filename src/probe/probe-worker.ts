import { parentPort } from 'node:worker_threads';
import { type ErrorCode, TransferEvidenceError } from '../errors.ts';
import { type Products, plainProducts } from '../linear-algebra/products.ts';
import { runtimeProducts } from '../linear-algebra/runtime-products.ts';
import type { Matrix } from '../matrix.ts';
import { requireNative } from '../runtime/require-native.ts';
import { linearProbeSplit } from './linear/evaluate.ts';
import type { ProbeProtocol, SplitResult } from './protocol.ts';

/** What a worker thread is started with; feature matrices are in shared memory. */
export interface ProbeWorkerData {
  features: readonly Matrix[];
  protocol: ProbeProtocol;
  /** The folder that holds the node_modules with onnxruntime-node (see loadNatives); products are loops without it. */
  natives?: string | undefined;
}

export type ToProbeWorker = ProbeTask | 'stop';

/** One split of one job, by index. */
export interface ProbeTask {
  job: number;
  split: number;
}

export type ProbeAnswer =
  | { task: ProbeTask; result: SplitResult }
  | { task: ProbeTask; error: { code: ErrorCode; message: string } };

/**
 * Answers tasks, one after the other, until the thread is asked to stop: then the one under way ends at its next product.
 * An error that is not the program's own ends the thread.
 */
export function runProbeWorker({ natives, ...data }: ProbeWorkerData): void {
  const port = parentPort!;
  // One thread a product: the splits already keep every core busy, and the numbers do not depend on how many there are.
  const runtime = natives === undefined ? null : runtimeProducts(requireNative('onnxruntime-node', natives), 1);
  let stopping = false;
  const products = untilStopped(runtime ?? plainProducts, () => stopping);
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToProbeWorker) => {
    if (message === 'stop') {
      stopping = true;
      void last.then(() => runtime?.close()).finally(() => port.close());
      return;
    }
    last = last.then(async () => {
      if (stopping) return;
      try {
        const answer = await runProbeTask(data, message, products);
        if (!stopping) port.postMessage(answer);
      } catch (error) {
        setImmediate(() => {
          throw error;
        });
      }
    });
  });
}

function untilStopped(products: Products, stopped: () => boolean): Products {
  const checked = () => {
    if (stopped()) throw new TransferEvidenceError('cancelled', 'The probe was stopped before it was done.');
    return products;
  };
  return {
    compiled: products.compiled,
    rows: async (...factors) => checked().rows(...factors),
    product: async (...factors) => checked().product(...factors),
  };
}

async function runProbeTask(
  { features, protocol }: ProbeWorkerData,
  task: ProbeTask,
  products: Products,
): Promise<ProbeAnswer> {
  try {
    return { task, result: await linearProbeSplit(features[task.job]!, protocol, task.split, products) };
  } catch (error) {
    if (!(error instanceof TransferEvidenceError)) throw error;
    return { task, error: { code: error.code, message: error.message } };
  }
}
