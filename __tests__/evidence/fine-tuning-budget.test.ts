import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeRun } from '../../src/evidence/schema.ts';
import type { Timing } from '../../src/evidence/training-size.ts';
import { drawRepository, drawStripes, measureText, type Run, temporaryFolders } from '../helpers/stripes.ts';
import { filters, scoreOf, tuned, writeNetworks } from '../helpers/tuned.ts';

const folders = temporaryFolders();
const text = tuned({
  target: 'data/many',
  candidates: ['{ id: edges, weights: weights/edges.onnx }', '{ id: filters, weights: weights/filters.onnx }'],
})
  .replace('seeds: 3, learning_rates: 1, epochs: 1', 'seeds: 4, learning_rates: 2, epochs: 20')
  .replace('images: 200', 'images: 120');
/** One network takes nine times as long as the other: no subject may be given less for it. */
const slow: Timing = async (_, { subject }) =>
  subject.includes('filters')
    ? { secondsPerStep: 9, secondsPerImage: 0.9 }
    : { secondsPerStep: 1, secondsPerImage: 0.1 };
/** All of it, as planned where there is time for everything. */
let whole: ProbeRun;
let tooSmall: Run;
let folder: string;
let store: string;

const hours = 1e7;
const within = (budgetSeconds: number, own: string, options: Partial<Parameters<typeof measureText>[3]> = {}) =>
  measureText(folder, text, own, {
    timing: slow,
    change: (plan) => ({
      ...plan,
      digest: `${plan.digest} ${budgetSeconds}`,
      budgetSeconds: hours,
      fineTuning: { ...plan.fineTuning!, budgetSeconds },
    }),
    ...options,
  });
const ran = ({ evidence }: Run) => evidence!.probes[0]!;
const codesOf = ({ evidence }: Run) => evidence!.findings.map(({ code }) => code);

beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  await drawStripes(join(folder, 'data/many/across'), 60, { along: 'x' });
  await drawStripes(join(folder, 'data/many/upright'), 60, { along: 'y' });
  await writeNetworks(folder, { filters: filters() });
  tooSmall = await within(5, store);
  whole = ran(tooSmall);
}, 60_000);
afterAll(() => folders.clear());

describe('the budget of fine-tuning', { timeout: 60_000 }, () => {
  it('that is too small for three seeds of one learning rate trains nothing, and says what would do', () => {
    expect(tooSmall.problems).toEqual([]);
    expect(whole).toMatchObject({ run: null, budgetSeconds: 5, runs: 0, planned: { seeds: 4, learningRates: 2 } });
    expect(whole.planned).toMatchObject({ images: 120, steps: 96 });
    expect(whole.neededSeconds).toBeGreaterThan(0);
    expect(codesOf(tooSmall)).toContain('budget_too_small');
    const { text: told } = tooSmall.evidence!.findings.find(({ code }) => code === 'budget_too_small')!;
    expect(told).toContain(`evidence.finetune.budget to ${Math.ceil((whole.neededSeconds! * 1.1) / 60)}m`);
    expect(tooSmall.evidence!.measurements.filter(({ measure }) => measure === 'probe.finetune')).toEqual([]);
    expect(tooSmall.evidence!.candidates.map(({ role }) => role)).toEqual(['candidate', 'candidate']);
    expect(tooSmall.told.steps.has('Fine-tuning')).toBe(false);
  });

  it('that is too small is asked again the next time: another machine may be faster', async () => {
    const again = await within(5, store);
    expect(again.cached).toBe(false);
    expect(again.told.steps.has('Timing a few steps')).toBe(true);
    const faster = await within(5, store, { timing: async () => ({ secondsPerStep: 1e-5, secondsPerImage: 1e-6 }) });
    expect(ran(faster).run).not.toBeNull();
  });

  it('that suffices leaves the plan as it was wished', async () => {
    const run = await within(whole.planned.seconds + 1, store, {
      change: (plan) => ({
        ...plan,
        budgetSeconds: hours,
        // As it is, but for two seeds' time.
        fineTuning: { ...plan.fineTuning!, seeds: 3, learningRates: 1, budgetSeconds: whole.planned.seconds },
      }),
    });
    const { planned, run: done } = ran(run);
    expect(done).toEqual(planned);
    expect(done).toMatchObject({ seeds: 3, learningRates: 1, images: 120, steps: 96 });
    expect(codesOf(run)).not.toContain('plan_reduced');
  });

  it.each([
    ['seeds first', (3 * 2) / (4 * 2), { seeds: 3, learningRates: 2, images: 120, steps: 96 }],
    ['then learning rates', 3 / (4 * 2), { seeds: 3, learningRates: 1, images: 120, steps: 96 }],
    ['then images, and with them steps', 0.3, { seeds: 3, learningRates: 1 }],
  ])('that is smaller gives up %s, for all alike', async (_, share, expected) => {
    const budget = share * whole.planned.seconds + 1;
    const own = await folders.make('store');
    const first = await within(budget, own);
    const { run, runs, neededSeconds } = ran(first);
    expect(run).toMatchObject(expected);
    expect(run!.seconds).toBeLessThanOrEqual(budget);
    expect(neededSeconds).toBeNull();
    expect(runs).toBe(4 * run!.seeds * run!.learningRates);
    expect(codesOf(first)).toContain('plan_reduced');
    if (share === 0.3) {
      expect(run!.images).toBeGreaterThanOrEqual(60);
      expect(run!.images).toBeLessThan(120);
      expect(run!.steps).toBe(Math.round((20 * 0.64 * run!.images) / 16));
    }
    const { seeds, learningRates, steps } = run!;
    for (const id of ['edges', 'filters', 'scratch of edges', 'scratch of filters'])
      expect(scoreOf(first.evidence, id).details).toMatchObject({ seeds, learningRates, steps });

    // Decided once: the same size, without timing anything, however fast the machine is by then.
    const again = await within(budget, own, {
      timing: () => Promise.reject(new Error('The size is known.')),
      change: (plan) => ({
        ...plan,
        budgetSeconds: hours,
        fineTuning: { ...plan.fineTuning!, budgetSeconds: budget },
      }),
    });
    expect(again.cached).toBe(false);
    expect(ran(again)).toEqual(ran(first));
  });

  it('is no more than what is left before the limit of everything', async () => {
    const run = await within(hours, await folders.make('store'), {
      change: (plan) => ({
        ...plan,
        budgetSeconds: 0.5 * whole.planned.seconds,
        fineTuning: { ...plan.fineTuning!, budgetSeconds: hours },
      }),
    });
    expect(ran(run).run).toMatchObject({ seeds: 3, learningRates: 1, images: 120 });
    expect(ran(run).run!.seconds).toBeLessThan(0.5 * whole.planned.seconds);
  });

  it('is planned by the speed that the machine has, where nothing else is said', async () => {
    const own = await folders.make('store');
    const { evidence, told } = await measureText(
      folder,
      tuned({ candidates: ['{ id: filters, weights: weights/filters.onnx }'], chosen: 'filters' }),
      own,
    );
    expect(told.steps.get('Timing a few steps')).toBe(2);
    const { planned, run } = evidence!.probes[0]!;
    expect(run).toEqual(planned);
    // Six runs of 60 steps, each step between a tenth of a millisecond and a second.
    expect(run!.seconds).toBeLessThan(360);
  });
});
