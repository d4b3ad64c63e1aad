import type { ImageRecord } from '../dataset/types.ts';
import { inputLength, type ToWorker, type WorkerSetup } from './describe-protocol.ts';
import { runThreads } from './describe-threads.ts';
import type { Sink } from './describe-whole.ts';

/** Batches that may be under way: one that runs, one that waits for it, one that fills. */
const batchesUnderWay = 3;

interface Batch {
  data: Float32Array;
  /** Images that have neither arrived nor turned out to be unreadable. */
  missing: number;
  readable: number[];
}

/**
 * Describes images on a graphics device: one thread runs the networks in batches, the others decode beside it. A batch
 * is made of fixed positions in the list and padded with zeros, so that its shape and its content do not depend on which
 * image came first.
 */
export function describeApart(
  images: readonly ImageRecord[],
  setup: Omit<WorkerSetup, 'role'>,
  options: { threads: number; batch: number },
  sink: Sink,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { encoders } = setup;
  const sizes = encoders.map(({ fixedBatch }) => fixedBatch ?? options.batch);
  const window = batchesUnderWay * Math.max(...sizes);
  const preparers = Math.max(1, options.threads - 1);
  const setups = [
    { ...setup, role: 'infer' as const },
    ...Array.from({ length: preparers }, () => ({ ...setup, role: 'prepare' as const })),
  ];

  return runThreads(setups, signal, (send, finish) => {
    const filling = encoders.map(() => new Map<number, Batch>());
    const left = new Uint8Array(images.length).fill(encoders.length);
    let firstUnfinished = 0;
    let next = 0;

    const feed = () => {
      while (next < Math.min(images.length, firstUnfinished + window)) {
        const task: ToWorker = { kind: 'image', index: next, file: images[next]!.file };
        send(1 + (next % preparers), task);
        next++;
      }
    };
    const finishImage = (index: number) => {
      left[index] = 0;
      sink.finished();
      while (firstUnfinished < images.length && left[firstUnfinished] === 0) firstUnfinished++;
      feed();
      if (firstUnfinished === images.length) finish();
    };
    const arrive = (encoder: number, index: number, input: Float32Array | null) => {
      const size = sizes[encoder]!;
      const number = Math.floor(index / size);
      const length = inputLength(encoders[encoder]!);
      const batch = filling[encoder]!.get(number) ?? {
        data: new Float32Array(size * length),
        missing: Math.min(size, images.length - number * size),
        readable: [],
      };
      filling[encoder]!.set(number, batch);
      if (input) {
        batch.data.set(input, (index % size) * length);
        batch.readable.push(index);
      }
      if (--batch.missing > 0) return;
      if (batch.readable.length === 0) filling[encoder]!.delete(number);
      else
        send(0, { kind: 'batch', batch: number, encoder, images: size, data: batch.data }, [
          batch.data.buffer as ArrayBuffer,
        ]);
    };
    feed();
    return (_, answer) => {
      switch (answer.kind) {
        case 'unreadable':
          sink.unreadable(answer.index, answer.reason);
          for (const encoder of encoders.keys()) arrive(encoder, answer.index, null);
          finishImage(answer.index);
          break;
        case 'image':
          if (answer.visual) sink.visual(answer.index, answer.visual);
          for (const [encoder, input] of answer.rows.entries()) arrive(encoder, answer.index, input);
          break;
        case 'batch': {
          const size = sizes[answer.encoder]!;
          const columns = answer.features.length / size;
          const { readable } = filling[answer.encoder]!.get(answer.batch)!;
          filling[answer.encoder]!.delete(answer.batch);
          for (const index of readable) {
            const row = index % size;
            sink.features(answer.encoder, index, answer.features.subarray(row * columns, (row + 1) * columns));
            if (--left[index]! === 0) finishImage(index);
          }
        }
      }
    };
  });
}
