import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/schema.ts';
import { judge } from '../../src/verdict/judge.ts';
import { decidingProbe } from '../../src/verdict/probes.ts';
import {
  budgetTooSmall,
  claimOf,
  csXray,
  evidenceOf,
  imagesOnly,
  manifestOf,
  probesAgree,
  probesDisagree,
  proxiesOnly,
  type Scene,
  tuningCollapsed,
  weightsAndProxy,
} from '../helpers/evidence.ts';

const judged = ({ manifest, evidence }: Scene) => judge(manifest, evidence);
const verdictsOf = (scene: Scene) => judged(scene).claims.map(({ verdict }) => verdict);

describe('the probe that decides', () => {
  it('is fine-tuning where it was measured, then the last block, then the linear probe', () => {
    const { evidence } = probesAgree();
    expect(decidingProbe(evidence)).toBe('probe.finetune');
    for (const found of evidence.measurements)
      if (found.measure === 'probe.finetune') found.measure = 'probe.last_block';
    expect(decidingProbe(evidence)).toBe('probe.last_block');
    expect(decidingProbe(csXray().evidence)).toBe('probe.linear');
    expect(decidingProbe(imagesOnly().evidence)).toBeNull();
  });

  it('is the linear one where a candidate could not be fine-tuned, so that nobody is passed over', () => {
    const evidence = evidenceOf({
      target: 'films',
      candidates: [
        { id: 'a', probe: [0.8, 0.02], tuned: [0.9, 0.02] },
        { id: 'b', probe: [0.7, 0.02], untrainable: 'Resize has no gradient rule.' },
        { id: 'c', probe: [0.6, 0.02], tuned: [0.8, 0.02] },
        { id: 'scratch', probe: [0.5, 0.02], tuned: [0.6, 0.02] },
      ],
    });
    expect(decidingProbe(evidence)).toBe('probe.linear');
    const claims = [claimOf('C1', { measure: 'probe.finetune', subject: 'a', relation: 'greater_than', object: 'b' })];
    const verdicts = judge(manifestOf({ chosen: 'a', candidates: ['a', 'b', 'c'], claims }), evidence);
    expect(verdicts.choice).toMatchObject({ verdict: 'supported', measure: 'probe.linear', against: 'b' });
    expect(verdicts.claims[0]).toMatchObject({
      verdict: 'no_evidence',
      because: 'Resize has no gradient rule.',
    });
  });

  it('decides the choice, the order and what intuition is held against; claims keep the one that they name', () => {
    const scene = probesDisagree();
    const raters = [{ id: 'r1', expected_rank: ['frozen-best', 'tuned-best'] }];
    const verdicts = judge({ ...scene.manifest, intuition: { raters } }, scene.evidence);
    expect(verdicts.choice).toMatchObject({ verdict: 'worse', against: 'tuned-best', measure: 'probe.finetune' });
    expect(verdicts.ranking.slice(0, 2).map(({ measure, groups }) => [measure, groups[0]!.members])).toEqual([
      ['probe.finetune', ['tuned-best']],
      ['probe.linear', ['frozen-best']],
    ]);
    expect(verdicts.intuition!.measured).toMatchObject({
      measure: 'probe.finetune',
      best: ['tuned-best'],
      bestFirst: 0,
    });
    expect(verdicts.claims.map(({ verdict }) => verdict)).toEqual(['contradicted', 'supported']);
  });

  it('says whether the chosen source beats random initialisation', () => {
    const scene = probesAgree();
    expect(judged(scene).remarks).toEqual([]);
    for (const { measure, object, estimate } of scene.evidence.comparisons)
      if (measure === 'probe.finetune' && object === 'scratch')
        Object.assign(estimate!, { value: 0, low: -0.03, high: 0.03 });
    expect(judged(scene).remarks[0]).toMatch(/^`imagenet` cannot be told apart from random initialisation/);
  });

  it('is the linear one where fine-tuning did not fit its budget, and a claim about fine-tuning is told which would', () => {
    const { choice, claims } = judged(budgetTooSmall());
    expect(choice).toMatchObject({ verdict: 'tied', measure: 'probe.linear' });
    expect(claims[0]).toMatchObject({ verdict: 'no_evidence', because: expect.stringContaining('budget to 46m') });
  });
});

describe('what holds a verdict on fine-tuning at inconclusive', () => {
  it('a collapsed seed of either side, and the linear probe is not touched by it', () => {
    const { claims, choice } = judged(tuningCollapsed());
    expect(claims.map(({ verdict, cappedBy }) => [verdict, cappedBy])).toEqual([
      ['inconclusive', ['collapsed']],
      ['supported', []],
    ]);
    expect(claims[0]!.wouldDecide).toContain('evidence.finetune.learning_rates');
    expect(choice).toMatchObject({ verdict: 'inconclusive', wouldDecide: expect.stringContaining('do not collapse') });
  });

  it.each(['target_at_chance', 'solved_by_mean_colour'] as const)('a finding %s about it alone', (code) => {
    const scene = probesAgree();
    scene.evidence.findings.push({ code, about: 'target', measure: 'probe.finetune', text: 'So it is.' });
    expect(verdictsOf(scene)).toEqual(['inconclusive', 'supported']);
  });

  it('fewer than 3 seeds', () => {
    const withSeeds = (seeds: number): Scene => {
      const scene = probesAgree();
      for (const { measure, candidate, details } of scene.evidence.measurements)
        if (measure === 'probe.finetune' && candidate === 'birds') details.seeds = seeds;
      return scene;
    };
    expect(judged(withSeeds(2)).claims[0]).toMatchObject({ verdict: 'inconclusive', cappedBy: ['few_seeds'] });
    expect(judged(withSeeds(3)).claims[0]).toMatchObject({ verdict: 'supported', cappedBy: [] });
  });

  it('fewer than 30 groups', () => {
    const scene = probesAgree();
    for (const { n } of scene.evidence.comparisons) n.groups = 29;
    expect(verdictsOf(scene)).toEqual(['inconclusive', 'inconclusive']);
  });
});

describe('proxies', () => {
  it('are compared with each other and with their own random initialisation, and called proxies', () => {
    const { choice, claims, ranking } = judged(proxiesOnly());
    expect(choice).toMatchObject({
      verdict: 'supported',
      against: 'textures',
      measure: 'probe.finetune',
      proxies: true,
    });
    expect(claims[0]).toMatchObject({ verdict: 'supported', because: expect.stringContaining('as proxies, `tissue`') });
    expect(claims[1]).toMatchObject({
      verdict: 'no_evidence',
      because: 'No weights for `tissue` and `photographs`. Only fine-tuning has a proxy for them.',
    });
    expect(ranking[0]).toEqual({
      measure: 'probe.finetune',
      proxies: true,
      groups: [{ members: ['tissue'] }, { members: ['textures', 'photographs'] }, { members: ['scratch'] }],
    });
  });

  it('are neither better nor worse than weights, whatever was measured', () => {
    const scene = weightsAndProxy();
    // Evidence of another program may hold such a comparison; it must not be read.
    const [known] = scene.evidence.comparisons.filter(({ measure }) => measure === 'probe.finetune');
    scene.evidence.comparisons.push({ ...known!, subject: 'imagenet', object: 'tissue' });
    const { choice, claims, ranking } = judged(scene);
    expect(choice).toMatchObject({ verdict: 'supported', against: 'radimagenet' });
    expect(choice).not.toHaveProperty('proxies');
    expect(claims[0]).toMatchObject({
      verdict: 'no_evidence',
      because: '`tissue` has no weights; its proxy is compared with proxies only, not with weights.',
    });
    expect(
      ranking
        .filter(({ measure }) => measure === 'probe.finetune')
        .map(({ groups }) => groups.flatMap(({ members }) => members)),
    ).toEqual([
      ['imagenet', 'radimagenet', 'scratch of imagenet'],
      ['tissue', 'scratch of tissue'],
    ]);
  });

  it('have nothing to be chosen over where all others have weights', () => {
    expect(judged(weightsAndProxy('tissue')).choice).toMatchObject({
      verdict: 'no_evidence',
      because: expect.stringContaining('compared with proxies only'),
    });
  });

  it('are told of the budget where even they did not fit, not asked for weights alone', () => {
    const scene = proxiesOnly();
    const { probes, findings } = budgetTooSmall().evidence;
    scene.evidence = { ...scene.evidence, probes, findings: [...scene.evidence.findings, ...findings] };
    const bare = (list: { measure: string }[]) => list.filter(({ measure }) => measure !== 'probe.finetune');
    Object.assign(scene.evidence, {
      measurements: bare(scene.evidence.measurements),
      comparisons: bare(scene.evidence.comparisons),
    });
    const { choice, claims } = judged(scene);
    for (const found of [choice, claims[0]!])
      expect(found).toMatchObject({ verdict: 'no_evidence', because: expect.stringContaining('did not run') });
  });

  it('stand in only where the evidence says that they do', () => {
    const evidence: Evidence = imagesOnly().evidence;
    const claims = [
      claimOf('C1', { measure: 'probe.finetune', subject: 'tissue', relation: 'greater_than', object: 'textures' }),
    ];
    const manifest = manifestOf({ chosen: 'tissue', candidates: ['tissue', 'textures'], weights: false, claims });
    expect(judge(manifest, evidence).claims[0]!.because).toBe('No weights for `tissue` and `textures`.');
  });
});
