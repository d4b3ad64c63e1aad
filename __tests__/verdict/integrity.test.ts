import { describe, expect, it } from 'vitest';
import { type FindingCode, findingCodes } from '../../src/evidence/schema.ts';
import { defaultPolicy, type Manifest } from '../../src/manifest/schema.ts';
import { decide } from '../../src/verdict/decide.ts';
import { judge } from '../../src/verdict/judge.ts';
import { clothing, type Scene } from '../helpers/evidence.ts';

const codes = ['near_duplicates', 'group_leak', 'weights_saw_target', 'preprocessing_mismatch'] as const;

/** ImageNet's weights are better than those trained on birds, by far: supported, were it not for a finding. */
function sceneWith(code: FindingCode, about: string): Scene {
  const scene = clothing();
  scene.evidence.findings.push({ code, about, text: 'It is so.' });
  return scene;
}

function decisionOn({ manifest, evidence }: Scene, change: Partial<Manifest> = {}) {
  const changed = { ...manifest, ...change };
  const verdicts = judge(changed, evidence);
  const locate = (path: string) => ({ file: path });
  return decide({ manifest: changed, verdicts, problems: [], locate, today: '2026-01-01', measured: true, evidence });
}

describe('what an integrity check found', () => {
  it.each(codes)('%s holds what is said of performance at inconclusive, by either side', (code) => {
    expect(judge(clothing().manifest, clothing().evidence).claims[0]!.verdict).toBe('supported');
    for (const about of ['imagenet', 'birds']) {
      const { claims, choice } = judge(clothing().manifest, sceneWith(code, about).evidence);
      expect(claims[0]).toMatchObject({ verdict: 'inconclusive', cappedBy: [code] });
      expect(claims[0]!.wouldDecide).not.toContain(code);
      expect(choice.verdict).toBe('inconclusive');
    }
  });

  it.each(codes)('%s about the target or a third candidate holds nothing', (code) => {
    for (const about of ['target', 'another'])
      expect(judge(clothing().manifest, sceneWith(code, about).evidence).claims[0]!.verdict).toBe('supported');
  });

  it.each([
    ['near_duplicates', 'warn'],
    ['group_leak', 'warn'],
    ['weights_saw_target', 'fail'],
    ['preprocessing_mismatch', 'fail'],
  ] as const)('%s makes the gate %s, at the place in the manifest', (code, gate) => {
    const decision = decisionOn(sceneWith(code, 'birds'));
    expect(decision.gate).toBe(gate);
    expect(decision.problems.find(({ rule }) => rule === code)!.location.file).toMatch(/^candidates\[\d\]\./);
    expect(decisionOn(sceneWith(code, 'target')).problems[0]!.location.file).toBe('target.data');
  });

  it.each(codes)('%s goes by its policy, and a waiver covers it', (code) => {
    const scene = sceneWith(code, 'birds');
    expect(decisionOn(scene, { policy: { [code]: 'fail' } }).state).toBe('blocked');
    expect(decisionOn(scene, { policy: { [code]: 'off' } }).gate).toBe('pass');
    const waiver = { rule: code, reason: 'Known and harmless.', by: '@lead', expires: '2026-02-01' };
    expect(decisionOn(scene, { policy: { [code]: 'fail' }, waivers: [waiver] }).gate).toBe('pass');
  });

  it('has a finding and a rule of one name for each check', () => {
    for (const code of codes) {
      expect(findingCodes).toContain(code);
      expect(defaultPolicy).toHaveProperty(code);
    }
  });
});
