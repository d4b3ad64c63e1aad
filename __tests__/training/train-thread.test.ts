import * as ort from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { batchesOf } from '../../src/probe/finetune/order.ts';
import type { ThreadOptions } from '../../src/training/train-protocol.ts';
import { TrainThread } from '../../src/training/train-thread.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { temporaryFolders } from '../helpers/stripes.ts';
import { denseTrainer } from '../helpers/training.ts';

/** The checkout: its node_modules hold the runtime. */
const natives = `${import.meta.dirname}/../..`;

const train = Array.from({ length: 40 }, (_, i) => i);
const run = (steps: number) => ({
  batches: batchesOf({ train, batch: 8, steps, seed: 3, seedIndex: 0 }),
  learningRates: new Float64Array(steps).fill(0.01),
});

/** About a second's work. */
const long = run(10_000);

function shared(data: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return copy;
}

/** As callers have it: images in shared memory, the model as a file. */
function threadOptions(): ThreadOptions {
  const { model, data, ...rest } = denseTrainer();
  return { ...rest, model: writeModel(model), data: { ...data, images: shared(data.images) } };
}

let thread: TrainThread;
const folders = temporaryFolders();

beforeAll(() => {
  thread = new TrainThread(natives);
});
afterAll(async () => {
  await thread.close();
  await folders.clear();
});

describe('a thread that trains', () => {
  it('gives what a trainer in the same thread gives, to the last bit', async () => {
    const trainer = await Trainer.open(ort, denseTrainer());
    const { parameters } = await thread.open(threadOptions());
    expect(parameters).toBe(trainer.parameters);
    const results = [];
    for (const one of [trainer, thread]) {
      await one.reset(train);
      const result = await one.train(run(40));
      results.push({ result, weights: await one.weights(), probabilities: await one.predict([0, 50, 7]) });
    }
    await trainer.close();
    expect(results[1]).toEqual(results[0]);
  });

  it('tells after each chunk how many steps are done', async () => {
    await thread.open(threadOptions());
    await thread.reset(train);
    const told: number[] = [];
    const losses: number[] = [];
    const result = await thread.train(run(300), {
      onChunk: (done, steps) => {
        told.push(done);
        losses.push(...steps.losses);
      },
    });
    expect(told.at(-1)).toBe(300);
    expect(told.length).toBeGreaterThan(2);
    expect(losses).toEqual(result.losses);
  });

  it('does not hold the thread that asks', async () => {
    await thread.open(threadOptions());
    await thread.reset(train);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await thread.train(run(3000));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
  });

  it('stops a training under way when the signal fires, and trains again after a reset', async () => {
    await thread.open(threadOptions());
    await thread.reset(train);
    const whole = await thread.train(run(30));
    await thread.reset(train);
    for (const [reason, expected] of [
      [undefined, { code: 'cancelled' }],
      [new TransferEvidenceError('time-out', 'The time was up.'), { code: 'time-out', message: 'The time was up.' }],
    ] as const) {
      const controller = new AbortController();
      let steps = 0;
      const training = thread.train(long, {
        onChunk: (done) => {
          steps = done;
          controller.abort(reason);
        },
        signal: controller.signal,
      });
      await expect(training).rejects.toMatchObject(expected);
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(5000);
      await expect(thread.train(run(1), { signal: controller.signal })).rejects.toMatchObject(expected);
    }
    await thread.reset(train);
    expect(await thread.train(run(30))).toEqual(whole);
  });

  it('hands on what a listener throws', async () => {
    await thread.reset(train);
    const training = thread.train(run(1000), {
      onChunk: () => {
        throw new Error('Nobody is there.');
      },
    });
    await expect(training).rejects.toThrow('Nobody is there.');
  });

  it('hands on the program’s own errors with their code, and lives on', async () => {
    await expect(thread.open({ ...threadOptions(), classes: 2 })).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(thread.reset(train)).rejects.toMatchObject({ code: 'input-invalid' });
    await thread.open(threadOptions());
    await expect(thread.predict([60])).rejects.toMatchObject({ code: 'shape-mismatch' });
    expect(await thread.measure(0.2)).toMatchObject({ secondsPerStep: expect.any(Number) });
  });
});

describe('the end of a thread', () => {
  let own: TrainThread;
  afterEach(() => own.close());

  it('is an error of the program when it dies: for the call that waits and for every later one', async () => {
    // No runtime lies there.
    own = new TrainThread(await folders.make('train-thread'));
    for (let i = 0; i < 2; i++) {
      const error = await own.open(threadOptions()).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(TransferEvidenceError);
      expect(error).toMatchObject({ code: 'device-unavailable' });
      expect(error.message).toContain('onnxruntime-node');
    }
  });

  it('comes at the next chunk when it is closed, however much it had to do', async () => {
    own = new TrainThread(natives);
    await own.open(threadOptions());
    await own.reset(train);
    const training = own.train(long).catch((error) => error);
    const started = performance.now();
    await Promise.all([own.close(), own.close()]);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await training).toMatchObject({ code: 'cancelled' });
    await expect(own.predict([0])).rejects.toMatchObject({ code: 'cancelled' });
  });
});
