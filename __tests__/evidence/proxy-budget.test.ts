import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { secondsOfPretraining, wantedProxies } from '../../src/evidence/pretraining.ts';
import type { ProbeRun } from '../../src/evidence/schema.ts';
import type { Timing } from '../../src/evidence/training-size.ts';
import type { TrainingTask } from '../../src/evidence/training-task.ts';
import { TrainThreads } from '../../src/training/train-threads.ts';
import {
  bytesOf,
  drawRepository,
  listen,
  measureText,
  planText,
  type Run,
  temporaryFolders,
} from '../helpers/stripes.ts';
import { tuned } from '../helpers/tuned.ts';

const folders = temporaryFolders();
const manifest = (...candidates: [id: string, path: string][]) =>
  tuned({
    finetune: ', batch: 4, proxy: convnext',
    candidates: candidates.map(([id, path]) => `{ id: ${id}, sample: ${path} }`),
    chosen: candidates[0]![0],
  }).replace('finetune: { seeds: 3', 'finetune: { seeds: 4');
const near = manifest(['near', 'data/near']);
const steps = 4;
/** Seconds of pretraining one proxy; more than fine-tuning takes in any number of threads. */
const pretraining = 1000;
/** One second a step. */
const timing: Timing = async (_, { measure }) =>
  measure === 'pretraining'
    ? { secondsPerStep: pretraining / steps, secondsPerImage: 1 }
    : { secondsPerStep: 1, secondsPerImage: 0 };
const refusing: Timing = () => Promise.reject(new Error('The size is known.'));

let folder: string;
let store: string;
/** Room for pretraining, and for next to nothing beside it. */
let tooSmall: Run;
/** The same, asked again with the same store. */
let twice: Run;
/** A budget of what was said to be needed, stopped when the proxy was pretrained and the first run done, and then gone on with. */
let stopped: ReturnType<typeof listen>;
let enough: Run;

/** @param name of a plan whose evidence is not to be found as a whole, where another run has asked for the same */
const within = (
  budgetSeconds: number,
  { text = near, name = '', ...options }: { text?: string; name?: string } & Parameters<typeof measureText>[3] = {},
) =>
  measureText(folder, text, store, {
    timing,
    change: (plan) => ({
      ...plan,
      digest: `${plan.digest} ${budgetSeconds} ${name}`,
      budgetSeconds: 1e7,
      fineTuning: { ...plan.fineTuning!, budgetSeconds, pretrainingSteps: steps },
    }),
    ...options,
  });
const ran = ({ evidence }: Run): ProbeRun => evidence!.probes[0]!;
const codesOf = ({ evidence }: Run) => evidence!.findings.map(({ code }) => code);
const withoutPlan = ({ evidence }: Run) => bytesOf({ ...evidence!, plan: '' });

beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  tooSmall = await within(pretraining + 1);
  twice = await within(pretraining + 1);
  const budget = ran(tooSmall).neededSeconds!;
  const cancel = new AbortController();
  const reason = new TransferEvidenceError('cancelled', 'Stopped by a test.');
  stopped = listen((name, done) => name === 'Fine-tuning' && done === 1 && cancel.abort(reason));
  await expect(within(budget, { told: stopped, signal: cancel.signal })).rejects.toBe(reason);
  enough = await within(budget, { timing: refusing });
}, 90_000);
afterAll(() => folders.clear());

describe('the pretraining of proxies', { timeout: 90_000 }, () => {
  it('does not begin where it leaves no room for the smallest fair comparison, and the budget that would do has it in', () => {
    const { run, runs, planned, neededSeconds } = ran(tooSmall);
    expect(tooSmall.problems).toEqual([]);
    expect([run, runs]).toEqual([null, 0]);
    expect(tooSmall.told.steps.has('Pretraining proxies')).toBe(false);
    expect(codesOf(tooSmall)).toContain('budget_too_small');
    expect(tooSmall.evidence!.measurements.filter(({ measure }) => measure === 'probe.finetune')).toEqual([]);
    // By itself all of fine-tuning would fit.
    expect(planned.seconds - pretraining).toBeLessThan(pretraining);
    expect(neededSeconds).toBeGreaterThan(pretraining + 1);
    expect(neededSeconds).toBeLessThan(planned.seconds);
  });

  it('is timed again the next time, where the budget was too small', () => {
    expect(twice.cached).toBe(false);
    expect(twice.told.steps.has('Timing pretraining')).toBe(true);
  });

  it('leaves to fine-tuning what remains of the budget', () => {
    const { run, planned, budgetSeconds, neededSeconds } = ran(enough);
    expect(stopped.steps.get('Pretraining proxies')).toBe(steps);
    // Of all that is wanted, only pretraining and three of four seeds fit; without pretraining all would.
    expect(run).toEqual({ ...planned, seeds: 3, seconds: run!.seconds });
    expect(planned.seeds).toBe(4);
    expect(run!.seconds).toBeGreaterThan(pretraining);
    expect(run!.seconds).toBeLessThanOrEqual(budgetSeconds);
    expect(neededSeconds).toBeNull();
    expect(codesOf(enough)).toContain('plan_reduced');
  });

  it('once done gives back nothing of the budget: the decision stays, and with it every byte', async () => {
    expect(enough.told.steps.has('Pretraining proxies')).toBe(false);
    expect(enough.told.steps.has('Fine-tuning')).toBe(true);
    const again = await within(ran(tooSmall).neededSeconds!, { name: 'again', timing: refusing });
    expect(again.cached).toBe(false);
    expect(again.told.steps.has('Fine-tuning')).toBe(false);
    expect(withoutPlan(again)).toBe(withoutPlan(enough));
  });

  it('costs nothing where another manifest has had it done', async () => {
    const run = await within(pretraining + 1, { text: manifest(['other', 'data/near']) });
    expect(run.told.steps.has('Timing pretraining')).toBe(false);
    expect(ran(run).run).toMatchObject({ seeds: 4 });
    expect(ran(run).run!.seconds).toBeLessThan(pretraining);
  });

  it('takes as many rounds as there are proxies to a thread', async () => {
    const three = manifest(['near', 'data/near'], ['second', 'data/near'], ['third', 'data/near']);
    const { plan } = await planText(folder, three, { cacheDir: await folders.make('cache') });
    const fineTuning = { ...plan!.fineTuning!, pretrainingSteps: steps };
    const sources = new Map(plan!.candidates.map(({ id, sample }) => [id, { images: sample!.sample }]));
    const wanted = wantedProxies({ ...plan!, fineTuning }, sources, sharp);
    const task = { fineTuning, seed: 0, device: 'cpu', threads: 1, lowering: {} } as TrainingTask;
    const threads = new TrainThreads(join(import.meta.dirname, '../..'), 2);
    const timed: string[] = [];
    const means = { threads, onStep: () => undefined, signal: new AbortController().signal };
    const seconds = (count: number) =>
      secondsOfPretraining(wanted.slice(0, count), task, means, {
        sideBySide: 2,
        timing: async (trainer, { subject }) => {
          const nth = timed.push(subject);
          // The network lies open: it can be measured.
          const found = await trainer.measure(0.1);
          expect(found.secondsPerStep).toBeGreaterThan(0);
          return { secondsPerStep: nth % 2 === 1 ? 2 : 4, secondsPerImage: 1 };
        },
      });
    try {
      // Two threads find 2 and 4 seconds a step.
      expect([await seconds(3), await seconds(2), await seconds(0)]).toEqual([2 * steps * 3, steps * 3, 0]);
      expect(timed).toEqual(['near', 'near', 'near', 'near']);
    } finally {
      await threads.close();
    }
  });
});
