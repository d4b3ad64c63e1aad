import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEncoder, randomTwin } from '../../src/encoder/encoder.ts';
import type { PlannedFineTuning } from '../../src/evidence/plan.ts';
import { Recent } from '../../src/evidence/recent.ts';
import { openStore } from '../../src/evidence/store.ts';
import { trainedSubjects } from '../../src/evidence/trained-subjects.ts';
import { trainRuns } from '../../src/evidence/training-runs.ts';
import { splitsOf, type TrainingTask } from '../../src/evidence/training-task.ts';
import type { Lowering } from '../../src/training/lowering.ts';
import { TrainThread } from '../../src/training/train-thread.ts';
import { TrainThreads } from '../../src/training/train-threads.ts';
import { temporaryFolders } from '../helpers/stripes.ts';
import type { TinyBody } from '../helpers/tiny-network.ts';
import { stripedImages } from '../helpers/training.ts';
import { filters, writeNetworks } from '../helpers/tuned.ts';

/** The checkout: its node_modules hold the runtime. */
const natives = join(import.meta.dirname, '../..');
const folders = temporaryFolders();
afterAll(() => folders.clear());
afterEach(() => vi.restoreAllMocks());

const { images, labels } = stripedImages(60, 2);
const fineTuning: PlannedFineTuning = {
  budgetSeconds: 900,
  seeds: 3,
  learningRates: 2,
  epochs: 1,
  batch: 8,
  optimiser: 'sgd',
  augment: { flip: true, crop: true, brightness: true },
  proxy: null,
  pretrainingSteps: 0,
};
const task: TrainingTask = {
  protocol: { labels, groups: labels.map((_, i) => String(i)), classes: 2, task: 'binary', metric: 'auc' },
  target: { images: labels.map((own, i) => ({ id: String(i), file: '', labels: [...own], group: String(i) })) },
  classes: ['across', 'upright'],
  digest: 'striped images',
  fineTuning,
  seed: 0,
  device: 'cpu',
  threads: 1,
  lowering: {},
};
const size = { splits: splitsOf(task, { seeds: 3, images: 60 }), steps: 20 };

const normalised: TinyBody = (graph, maps) => {
  const vector = (name: string, value: number) => graph.constant(name, new Float32Array(8).fill(value));
  return graph.node('BatchNormalization', [maps, ...[1, 0, 0.1, 1].map((value, i) => vector(`bn${i}`, value))]);
};

/** Two candidates of one look, and their random twin. */
async function subjectsOf(between: TinyBody = (_, maps) => maps) {
  const folder = await folders.make('networks');
  const variant = { dims: ['N', 1, 8, 8], between };
  await writeNetworks(folder, { first: filters(variant), second: filters({ ...variant, seed: 1 }) });
  const own = new Map<string, Awaited<ReturnType<typeof loadEncoder>>>();
  for (const id of ['first', 'second'])
    own.set(id, await loadEncoder({ id, file: join(folder, `weights/${id}.onnx`) }));
  const twins = [randomTwin(own.get('first')!, 0)];
  const random = new Map([...own.keys()].map((id) => [id, twins]));
  return trainedSubjects({ own, random }, new Map(), { fineTuning, seed: 0, runtime: ort });
}

/** Trains with so many threads, from nothing. */
async function train(
  subjects: Awaited<ReturnType<typeof subjectsOf>>,
  count: number,
  measure: 'probe.finetune' | 'probe.last_block' = 'probe.finetune',
  { store, lowering = task.lowering }: { store?: string; lowering?: Lowering } = {},
) {
  const threads = new TrainThreads(natives, count);
  try {
    return await trainRuns(
      subjects,
      measure,
      size,
      { ...task, lowering },
      {
        threads,
        pixels: async () => images,
        starts: new Recent(4),
        store: openStore(store ?? (await folders.make('store'))),
        onStep: () => undefined,
        signal: new AbortController().signal,
      },
    );
  } finally {
    await threads.close();
  }
}

describe('training runs', { timeout: 60_000 }, () => {
  let one: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    one = await train(await subjectsOf(), 1);
  }, 60_000);

  it('are all there: one chosen for each seed of each subject, among all its learning rates', () => {
    expect([...one.chosen.keys()]).toEqual(['first', 'scratch', 'second']);
    for (const runs of one.chosen.values()) {
      expect(runs.map(({ seedIndex }) => seedIndex)).toEqual([0, 1, 2]);
      runs.forEach(({ predictions, steps }, seed) => {
        expect([predictions.length, steps]).toEqual([size.splits[seed]!.test.length, 20]);
      });
    }
    expect([one.runs, one.fresh]).toEqual([18, 18]);
    expect(one.refused.size).toBe(0);
  });

  it('give the same to the last bit however they are shared out among threads', async () => {
    expect((await train(await subjectsOf(), 3)).chosen).toEqual(one.chosen);
  });

  it('open a network once for all that differ in trained weights alone, which changes no bit of any', async () => {
    const open = vi.spyOn(TrainThread.prototype, 'open');
    const subjects = await subjectsOf();
    await train(subjects, 1);
    expect(open).toHaveBeenCalledTimes(1);
    const alone = await train(
      subjects.filter(({ id }) => id !== 'first'),
      1,
    );
    expect(alone.chosen.get('second')).toEqual(one.chosen.get('second'));
    expect(alone.chosen.get('scratch')).toEqual(one.chosen.get('scratch'));
  });

  it('open a network anew where more than trained weights differ', async () => {
    const open = vi.spyOn(TrainThread.prototype, 'open');
    // Every draw has running statistics of its own.
    await train(await subjectsOf(normalised), 1);
    expect(open).toHaveBeenCalledTimes(1 + 3 + 1);
    open.mockClear();
    // What lies before the last block is not trained.
    await train(await subjectsOf(), 1, 'probe.last_block');
    expect(open).toHaveBeenCalledTimes(1 + 3 + 1);
  });

  it.each([1, 8, 20])(
    'ended at part %i are gone on with: of two side by side no more than one is repeated',
    async (last) => {
      const store = await folders.make('ended');
      const subjects = await subjectsOf();
      const original = TrainThread.prototype.train;
      const asked = vi.spyOn(TrainThread.prototype, 'train');
      asked.mockImplementation(function (this: TrainThread, ...call) {
        if (asked.mock.calls.length === last) throw new Error('ended');
        return original.apply(this, call);
      });
      await expect(train(subjects, 2, 'probe.finetune', { store })).rejects.toThrow('ended');
      const again = await train(subjects, 2, 'probe.finetune', { store });
      expect(again.chosen).toEqual(one.chosen);
      const steps = asked.mock.calls.reduce((sum, [{ batches }]) => sum + batches.length, 0);
      expect(steps).toBeGreaterThanOrEqual(18 * size.steps);
      expect(steps).toBeLessThanOrEqual(19 * size.steps);
      // What was kept of a run goes when the run is kept.
      const left = await readdir(join(store, 'unfinished-run'), { recursive: true }).catch(() => []);
      expect(left.filter((name) => name.endsWith('.bin'))).toEqual([]);
    },
  );

  it('of another formulation are other runs, so that what the evidence says ran is what ran', async () => {
    const store = await folders.make('formulations');
    const [first] = await subjectsOf();
    const fresh = async (lowering: Lowering) => (await train([first!], 1, 'probe.finetune', { store, lowering })).fresh;
    expect([await fresh({}), await fresh({}), await fresh({ portable: true })]).toEqual([6, 0, 6]);
  });

  it('start random initialisation anew for every seed', () => {
    const [a, b] = one.chosen.get('scratch')!;
    expect(a!.firstLoss).toBeCloseTo(Math.log(2), 5);
    expect(a!.predictions).not.toEqual(b!.predictions);
  });
});
