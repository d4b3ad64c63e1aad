import { describe, expect, it } from 'vitest';
import { collapseDetails, fineTuningFindings } from '../../src/evidence/fine-tuning-findings.ts';
import { type Evidence, evidenceSchema, type ProbeRun } from '../../src/evidence/schema.ts';
import {
  budgetTooSmall,
  type EvidenceNumbers,
  evidenceOf,
  probesAgree,
  probesDisagree,
  proxiesOnly,
  tuningCollapsed,
  weightsAndProxy,
} from '../helpers/evidence.ts';

type Numbers = EvidenceNumbers['candidates'][number];

const codes = (evidence: Evidence) => fineTuningFindings(evidence).map(({ code, about }) => `${code} ${about}`);
const textOf = (evidence: Evidence, code: string) =>
  fineTuningFindings(evidence).find((finding) => finding.code === code)?.text;
const of = (candidates: Numbers[], rest: Partial<EvidenceNumbers> = {}) =>
  evidenceOf({ target: 'films', meanColour: 0.55, candidates, ...rest });

describe('findings of fine-tuning', () => {
  it('are about valid evidence', () => {
    for (const { evidence } of [
      probesAgree(),
      probesDisagree(),
      tuningCollapsed(),
      budgetTooSmall(),
      proxiesOnly(),
      weightsAndProxy(),
    ])
      expect(evidenceSchema.parse(evidence)).toEqual(evidence);
  });

  it('are none where both probes agree and nothing went wrong', () => {
    expect(codes(probesAgree().evidence)).toEqual([]);
  });

  it('say who broke down, how, and in how many seeds', () => {
    const { evidence } = tuningCollapsed();
    expect(codes(evidence)).toEqual(['collapsed radimagenet']);
    expect(textOf(evidence, 'collapsed')).toContain('radimagenet in 2 of 5 seeds (one class for almost all images)');
  });

  it('blame random initialisation only for training that diverged, not for learning nothing', () => {
    const scratch = (kind: string): Numbers => ({ id: 'scratch', tuned: [0.5, 0.02], collapsed: [kind, 1] });
    const a: Numbers = { id: 'a', tuned: [0.9, 0.02] };
    expect(codes(of([a, scratch('one class')]))).toEqual([]);
    expect(codes(of([a, scratch('one class, diverged')]))).toEqual(['collapsed scratch']);
  });

  it('sum up what broke down over seeds', () => {
    expect(collapseDetails([null, 'one class', 'diverged', 'one class'])).toEqual({
      collapsed: 'diverged, one class',
      collapsedSeeds: 3,
    });
    expect(collapseDetails([null, null])).toEqual({ collapsed: null, collapsedSeeds: 0 });
  });

  it('say that nobody is above chance only when nobody is', () => {
    const a: Numbers = { id: 'a', tuned: [0.58, 0.1] };
    expect(codes(of([a, { id: 'b', tuned: [0.55, 0.1] }]))).toEqual(['target_at_chance target']);
    expect(codes(of([a, { id: 'b', tuned: [0.75, 0.1] }]))).toEqual([]);
  });

  it('hold proxies at chance against proxies alone', () => {
    const evidence = of([
      { id: 'a', probe: [0.8, 0.02], tuned: [0.8, 0.02] },
      { id: 'p', tuned: [0.52, 0.1], proxy: true },
      { id: 'q', tuned: [0.5, 0.1], proxy: true },
    ]);
    expect(codes(evidence)).toEqual(['target_at_chance p', 'target_at_chance q']);
    expect(textOf(evidence, 'target_at_chance')).toContain('no proxy above chance');
  });

  it('say that the mean colour does as well as the best, within two points', () => {
    const best = (score: number) => codes(of([{ id: 'a', tuned: [score, 0.01] }], { meanColour: 0.8 }));
    expect(best(0.815)).toEqual(['solved_by_mean_colour target']);
    expect(best(0.825)).toEqual([]);
  });

  it('say that pretraining gains nothing where the best does not beat its own random twin', () => {
    const twins = (gap: number, scratch = 'scratch') =>
      of([
        { id: 'weak', tuned: [0.6, 0.02] },
        { id: 'best', tuned: [0.8, 0.02] },
        { id: scratch, tuned: [0.8 - gap, 0.02] },
      ]);
    expect(codes(twins(0.04))).toEqual([]);
    expect(codes(twins(0.02))).toEqual(['pretraining_gains_nothing best']);
    expect(textOf(twins(0.02, 'scratch of best'), 'pretraining_gains_nothing')).toContain('not told apart from random');
    expect(textOf(twins(-0.05), 'pretraining_gains_nothing')).toContain('scores below random initialisation');
  });

  it('say what the budget cut, and what all of it would take', () => {
    const run = { seeds: 3, learningRates: 2, images: 400, steps: 160, seconds: 800 };
    const evidence = of([{ id: 'a', tuned: [0.9, 0.02] }], { training: { run } });
    expect(codes(evidence)).toEqual(['plan_reduced run']);
    expect(textOf(evidence, 'plan_reduced')).toContain(
      'To fit its budget of 15 min the fine-tuning probe was cut for all candidates alike: 3 of 5 seeds, 2 of 3 learning rates. All of it would take about 10 min',
    );
  });

  it('name the budget that would do where none fitted', () => {
    const { evidence } = budgetTooSmall();
    expect(codes(evidence)).toEqual(['budget_too_small run']);
    expect(textOf(evidence, 'budget_too_small')).toMatch(/takes about 42 min, and its budget is 15 min.*budget to 46m/);
  });

  it('say nothing of a budget where training ended for another reason', () => {
    const training: Partial<ProbeRun> = { run: null, neededSeconds: null };
    expect(codes(of([{ id: 'a', probe: [0.9, 0.02] }], { training }))).toEqual([]);
  });

  it('give the message of a network that could not be trained, with its name', () => {
    const evidence = of([
      { id: 'a', tuned: [0.9, 0.02] },
      { id: 'b', untrainable: 'Resize (cubic) has no gradient rule.' },
    ]);
    expect(fineTuningFindings(evidence)).toEqual([
      {
        code: 'measure_refused',
        about: 'b',
        measure: 'probe.finetune',
        text: 'b: Resize (cubic) has no gradient rule.',
      },
    ]);
  });
});

describe('linear probe against fine-tuning', () => {
  const pair = (linear: number, tuned: number, rest: Partial<EvidenceNumbers> = {}) =>
    of(
      [
        { id: 'a', probe: [0.7 + linear, 0.02], tuned: [0.8 + tuned, 0.02] },
        { id: 'b', probe: [0.7, 0.02], tuned: [0.8, 0.02] },
      ],
      { probeHalfWidth: 0.02, tunedHalfWidth: 0.03, ...rest },
    );

  it('is a disagreement where each puts the other one ahead', () => {
    expect(codes(pair(0.05, -0.05))).toEqual(['probes_disagree run']);
    expect(codes(pair(-0.05, 0.05))).toEqual(['probes_disagree run']);
    expect(textOf(pair(-0.05, 0.05), 'probes_disagree')).toContain('the linear probe puts b ahead of a');
  });

  it('does not depend on which way round a pair is stored', () => {
    const evidence = pair(0.05, -0.05);
    for (const comparison of evidence.comparisons)
      if (comparison.measure === 'probe.finetune') {
        const { value, low, high } = comparison.estimate!;
        [comparison.subject, comparison.object] = [comparison.object, comparison.subject];
        comparison.estimate = { ...comparison.estimate!, value: -value, low: -high, high: -low };
      }
    expect(codes(evidence)).toEqual(['probes_disagree run']);
  });

  it('is a disagreement where the scores’ own intervals lie apart although the pair’s does not', () => {
    expect(codes(pair(0.05, -0.05, { tunedHalfWidth: 0.06 }))).toEqual(['probes_disagree run']);
  });

  it('is a note where only the linear probe shows an order', () => {
    expect(codes(pair(0.05, 0.02))).toEqual(['not_confirmed run']);
    expect(codes(pair(0.01, 0.05))).toEqual([]);
    expect(codes(pair(0.05, 0.05))).toEqual([]);
  });

  it('leaves out controls, and counts what is too many to list', () => {
    const evidence = of([
      ...[0.1, 0.08, 0.06, 0].map(
        (more, i): Numbers => ({
          id: `s${i}`,
          probe: [0.7 + more, 0.001],
          tuned: [0.9, 0.01],
        }),
      ),
      { id: 'scratch', probe: [0.5, 0.01], tuned: [0.5, 0.01] },
    ]);
    expect(textOf(evidence, 'not_confirmed')).toBe(
      'The linear probe puts s0 ahead of s1, s0 ahead of s2, s0 ahead of s3 (and 3 more pairs); the fine-tuning probe does not show it.',
    );
  });
});
