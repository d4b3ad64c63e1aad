import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planProbe, stepsFor } from '../../../src/probe/finetune/budget.ts';

/** One run of both subjects on 1,000 images: 2 · 10 + 200 · (0.1 + 0.3) + 360 · (0.01 + 0.04) = 118 s. */
const asked = {
  images: 1000,
  wanted: { seeds: 5, leastSeeds: 3, configurations: 3, leastImages: 100 },
  training: { epochs: 10, batch: 32, leastSteps: 40 },
  costs: {
    subjects: [
      { secondsPerStep: 0.1, secondsPerEvaluation: 0.01 },
      { secondsPerStep: 0.3, secondsPerEvaluation: 0.04 },
    ],
    overheadPerRun: 10,
  },
};
const planned = (budgetSeconds: number) => planProbe({ ...asked, budgetSeconds });

const request = fc.record({
  images: fc.integer({ min: 30, max: 5000 }),
  wanted: fc
    .record({
      leastSeeds: fc.integer({ min: 1, max: 3 }),
      more: fc.integer({ min: 0, max: 3 }),
      configurations: fc.integer({ min: 1, max: 4 }),
      leastImages: fc.integer({ min: 20, max: 400 }),
    })
    .map(({ more, ...rest }) => ({ ...rest, seeds: rest.leastSeeds + more })),
  training: fc.record({
    epochs: fc.integer({ min: 1, max: 30 }),
    batch: fc.constantFrom(8, 16, 32),
    leastSteps: fc.integer({ min: 1, max: 100 }),
  }),
  costs: fc.record({
    subjects: fc.array(
      fc.record({
        secondsPerStep: fc.double({ min: 0.01, max: 2, noNaN: true }),
        secondsPerEvaluation: fc.double({ min: 0.0001, max: 0.1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    overheadPerRun: fc.double({ min: 0, max: 5, noNaN: true }),
  }),
});
const budget = fc.double({ min: 0, max: 50_000, noNaN: true });

describe('the plan of the probe', () => {
  it('is all that is wanted where the budget allows', () => {
    expect(planned(15 * 118 + 1)).toEqual({
      kind: 'plan',
      seeds: 5,
      configurations: 3,
      images: 1000,
      steps: 200,
      seconds: expect.closeTo(15 * 118, 8),
    });
  });

  it.each([
    [12.5, 4, 3],
    [9.5, 3, 3],
    [8.5, 3, 2],
    [3.5, 3, 1],
  ])('gives up seeds first, then configurations: %f runs', (runs, seeds, configurations) => {
    expect(planned(118 * runs)).toMatchObject({ seeds, configurations, images: 1000, steps: 200 });
  });

  it('then gives up images, and with them the steps of every run', () => {
    // One run of 500 images: 20 + 100 · 0.4 + 180 · 0.05 = 69 s; of 501 images 18 ms more.
    expect(planned(3 * 69 + 0.01)).toEqual({
      kind: 'plan',
      seeds: 3,
      configurations: 1,
      images: 500,
      steps: 100,
      seconds: expect.closeTo(207, 8),
    });
  });

  it('says what budget would do when none of this fits', () => {
    // One run of 100 images: 20 + 40 · 0.4 + 36 · 0.05 = 37.8 s, the steps being the least.
    expect(planned(113)).toEqual({ kind: 'too small', needed: expect.closeTo(3 * 37.8, 8) });
  });

  it('does not ask for more images than there are', () => {
    expect(planProbe({ ...asked, images: 60, budgetSeconds: 0 })).toMatchObject({ kind: 'too small' });
    expect(planProbe({ ...asked, images: 60, budgetSeconds: 1e6 })).toMatchObject({ kind: 'plan', images: 60 });
  });

  it('never costs more than the budget, and wastes no image', () => {
    fc.assert(
      fc.property(request, budget, (own, budgetSeconds) => {
        const plan = planProbe({ ...own, budgetSeconds });
        if (plan.kind === 'too small') {
          expect(plan.needed).toBeGreaterThan(budgetSeconds);
          return;
        }
        const { seeds, configurations, images, steps, seconds } = plan;
        expect(seconds).toBeLessThanOrEqual(budgetSeconds);
        expect(steps).toBe(stepsFor(images, own.training));
        const cost = (count: number) =>
          own.costs.subjects.reduce(
            (sum, { secondsPerStep, secondsPerEvaluation }) =>
              sum +
              own.costs.overheadPerRun +
              stepsFor(count, own.training) * secondsPerStep +
              0.36 * count * secondsPerEvaluation,
            0,
          );
        expect(seconds).toBeCloseTo(seeds * configurations * cost(images), 6);
        if (images < own.images) {
          expect([seeds, configurations]).toEqual([own.wanted.leastSeeds, 1]);
          expect(seeds * cost(images + 1)).toBeGreaterThan(budgetSeconds - 1e-6);
        }
      }),
    );
  });

  it('never gets smaller with a larger budget', () => {
    fc.assert(
      fc.property(request, budget, budget, (own, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((budgetSeconds) =>
          planProbe({ ...own, budgetSeconds }),
        );
        if (less!.kind === 'too small') return;
        expect(more!.kind).toBe('plan');
        if (more!.kind !== 'plan') return;
        for (const part of ['seeds', 'configurations', 'images', 'steps'] as const)
          expect(more![part]).toBeGreaterThanOrEqual(less![part]);
      }),
    );
  });

  it('fits the budget that it says would do', () => {
    fc.assert(
      fc.property(request, (own) => {
        const none = planProbe({ ...own, budgetSeconds: 0 });
        if (none.kind === 'plan') throw new Error('no run takes no time');
        expect(planProbe({ ...own, budgetSeconds: none.needed })).toMatchObject({ kind: 'plan', configurations: 1 });
        expect(planProbe({ ...own, budgetSeconds: none.needed * 0.999 })).toEqual(none);
      }),
    );
  });

  it.each([
    { images: 0 },
    { wanted: { ...asked.wanted, leastSeeds: 6 } },
    { wanted: { ...asked.wanted, configurations: 1.5 } },
    { training: { ...asked.training, epochs: 0 } },
    { budgetSeconds: Number.NaN },
    { costs: { ...asked.costs, subjects: [] } },
    { costs: { ...asked.costs, overheadPerRun: Number.NaN } },
  ])('refuses %j', (wrong) => {
    expect(() => planProbe({ ...asked, budgetSeconds: 100, ...wrong })).toThrowError(
      expect.objectContaining({ code: 'measure-refused' }),
    );
  });
});
