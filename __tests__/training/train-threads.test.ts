import { afterEach, describe, expect, it } from 'vitest';
import { writeModel } from '../../src/onnx/write.ts';
import type { ThreadOptions } from '../../src/training/train-protocol.ts';
import { type OpenThread, TrainThreads } from '../../src/training/train-threads.ts';
import { denseTrainer } from '../helpers/training.ts';

/** The checkout: its node_modules hold the runtime. */
const natives = `${import.meta.dirname}/../..`;
const opened: TrainThreads[] = [];
const threadsOf = (count: number) => {
  const threads = new TrainThreads(natives, count);
  opened.push(threads);
  return threads;
};
afterEach(async () => {
  for (const threads of opened.splice(0)) await threads.close();
});

const options = (): ThreadOptions => {
  const { model, ...rest } = denseTrainer();
  return { ...rest, model: writeModel(model) };
};

describe('threads that train', () => {
  it('share jobs out in their order, each once, one at a time a thread', async () => {
    const begun: number[] = [];
    const busy = new Set<OpenThread>();
    const users = new Set<OpenThread>();
    await threadsOf(2).each([0, 1, 2, 3, 4, 5, 6], async (job, thread) => {
      expect(busy.has(thread)).toBe(false);
      busy.add(thread);
      users.add(thread);
      begun.push(job);
      await new Promise((resolve) => setTimeout(resolve, 5));
      busy.delete(thread);
    });
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(users.size).toBe(2);
  });

  it('start no more threads than there are jobs, and all where all are asked', async () => {
    const threads = threadsOf(3);
    const users = new Set<OpenThread>();
    await threads.each(['one'], async (_, thread) => void users.add(thread));
    expect(users.size).toBe(1);
    expect(new Set(await threads.all(async (thread) => thread)).size).toBe(3);
  });

  it('begin no job after one that failed', async () => {
    const begun: number[] = [];
    const failing = threadsOf(1).each([0, 1, 2], async (job) => {
      begun.push(job);
      if (job === 1) throw new Error('The second failed.');
    });
    await expect(failing).rejects.toThrow('The second failed.');
    expect(begun).toEqual([0, 1]);
  });

  it('keep a network open for the next that will do with it, and open another instead', async () => {
    const asked: string[] = [];
    const open = (thread: OpenThread, key: string) =>
      thread.open(key, () => {
        asked.push(key);
        return options();
      });
    await threadsOf(1).each(['a', 'a', 'b', 'a'], async (key, thread) => open(thread, key));
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('do not take a network for open that could not be opened', async () => {
    const [thread] = await threadsOf(1).all(async (own) => own);
    await thread!.open('dense', options);
    const wrong = () => ({ ...options(), features: 'nowhere' });
    await expect(thread!.open('wrong', wrong)).rejects.toMatchObject({ code: expect.any(String) });
    await expect(thread!.open('wrong', wrong)).rejects.toMatchObject({ code: expect.any(String) });
    await thread!.open('dense', options);
    await thread!.trainer.reset([0, 1, 2]);
    expect(await thread!.trainer.predict([0])).toHaveLength(3);
  });
});
