import type { ImageRecord } from '../dataset/types.ts';
import type { WorkerSetup } from './describe-protocol.ts';
import { runThreads } from './describe-threads.ts';

/** Where results go, by position in the list of images. */
export interface Sink {
  features(encoder: number, index: number, row: Float32Array): void;
  visual(index: number, row: Float64Array): void;
  unreadable(index: number, reason: string): void;
  /** Called once an image is finished, readable or not. */
  finished(): void;
}

/**
 * Images that one thread has been given and not finished. Decoding an image takes several turns of the thread's event
 * loop and each turn waits for a network to finish, so that fewer would leave the thread waiting for pixels.
 */
const ahead = 16;

/**
 * Describes images on the processor: every thread decodes, prepares and runs the networks, one image at a time, so that
 * a row depends on its image alone and neither on its neighbours nor on the number of threads.
 */
export function describeWhole(
  images: readonly ImageRecord[],
  setup: Omit<WorkerSetup, 'role'>,
  threads: number,
  sink: Sink,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const setups = Array.from({ length: threads }, () => ({ ...setup, role: 'whole' as const }));
  return runThreads(setups, signal, (send, finish) => {
    const outstanding = setups.map(() => 0);
    let next = 0;
    let finished = 0;
    const feed = (thread: number) => {
      // Towards the end each thread takes its share only, so that none is left with a queue while others are idle.
      const share = () => Math.max(2, Math.min(ahead, Math.ceil((images.length - next) / threads)));
      while (next < images.length && outstanding[thread]! < share()) {
        send(thread, { kind: 'image', index: next, file: images[next]!.file });
        outstanding[thread]!++;
        next++;
      }
    };
    setups.forEach((_, thread) => {
      feed(thread);
    });
    return (thread, answer) => {
      if (answer.kind === 'unreadable') sink.unreadable(answer.index, answer.reason);
      if (answer.kind === 'image') {
        if (answer.visual) sink.visual(answer.index, answer.visual);
        for (const [encoder, row] of answer.rows.entries()) sink.features(encoder, answer.index, row);
      }
      sink.finished();
      outstanding[thread]!--;
      feed(thread);
      if (++finished === images.length) finish();
    };
  });
}
