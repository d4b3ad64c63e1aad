import { type MessagePort, parentPort } from 'node:worker_threads';
import { TransferEvidenceError } from '../errors.ts';
import { readModel } from '../onnx/read.ts';
import { type OnnxRuntime, requireNative } from '../runtime/require-native.ts';
import type { FromTrainer, ThreadOptions, ToTrainer, TrainWorkerData } from './train-protocol.ts';
import { Trainer } from './trainer.ts';

/** The life of a thread that trains: it does one task after the other, in the order asked, until it is told to stop. */
export function runTrainWorker({ natives }: TrainWorkerData): void {
  const port = parentPort!;
  const runtime = requireNative('onnxruntime-node', natives);
  const cancelling = new Map<number, AbortController>();
  let trainer: Trainer | undefined;
  let last: Promise<void> = Promise.resolve();
  let stopping = false;

  const tell = (message: FromTrainer) => port.postMessage(message);
  const work = async (task: ToTrainer & { kind: 'task' }): Promise<void> => {
    if (stopping) return;
    try {
      if (task.task === 'open') {
        await trainer?.close();
        trainer = undefined;
        trainer = await openTrainer(runtime, task.given);
        tell({ kind: 'answer', id: task.id, answer: { parameters: trainer.parameters } });
        return;
      }
      if (!trainer)
        throw new TransferEvidenceError('input-invalid', 'A network has to be opened before it is trained.');
      await answer(port, trainer, task, cancelling.get(task.id)?.signal);
    } catch (error) {
      // Anything that is not the program's own is a fault and ends the thread with its stack.
      if (!(error instanceof TransferEvidenceError))
        setImmediate(() => {
          throw error;
        });
      else tell({ kind: 'failed', id: task.id, code: error.code, message: error.message });
    } finally {
      cancelling.delete(task.id);
    }
  };
  port.on('message', (message: ToTrainer) => {
    if (message.kind === 'cancel') cancelling.get(message.id)?.abort();
    else if (message.kind === 'stop') {
      stopping = true;
      for (const controller of cancelling.values()) controller.abort();
      // Terminated while inside the runtime, whose binding throws where nothing can catch it, a thread takes down the
      // whole process.
      void last.then(() => trainer?.close()).finally(() => port.close());
    } else {
      if (message.task === 'train') cancelling.set(message.id, new AbortController());
      last = last.then(() => work(message));
    }
  });
}

async function answer(
  port: MessagePort,
  trainer: Trainer,
  task: Exclude<ToTrainer & { kind: 'task' }, { task: 'open' }>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { id } = task;
  const tell = (message: FromTrainer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  switch (task.task) {
    case 'reset':
      await trainer.reset(task.given.standardiseBy, task.given.weights);
      return tell({ kind: 'answer', id, answer: null });
    case 'train': {
      const result = await trainer.train(task.given, {
        onChunk: (done, steps) => tell({ kind: 'chunk', id, done, steps }),
        ...(signal && { signal }),
      });
      return tell({ kind: 'answer', id, answer: result });
    }
    case 'state': {
      const found = trainer.state();
      return tell({ kind: 'answer', id, answer: found }, [found.numbers.buffer as ArrayBuffer]);
    }
    case 'restore':
      trainer.restore(task.given);
      return tell({ kind: 'answer', id, answer: null });
    case 'predict': {
      const found = await trainer.predict(task.given);
      return tell({ kind: 'answer', id, answer: found }, [found.buffer as ArrayBuffer]);
    }
    case 'weights': {
      const found = trainer.weights();
      return tell(
        { kind: 'answer', id, answer: found },
        [...found.values()].map(({ buffer }) => buffer as ArrayBuffer),
      );
    }
    case 'measure':
      return tell({ kind: 'answer', id, answer: await trainer.measure(task.given.seconds) });
  }
}

function openTrainer(runtime: OnnxRuntime, { model, data, ...rest }: ThreadOptions): Promise<Trainer> {
  // The runtime does not read shared memory.
  return Trainer.open(runtime, {
    ...rest,
    model: readModel(Uint8Array.from(model)),
    data: { ...data, images: Float32Array.from(data.images) },
  });
}
