import { describe, expect, it } from 'vitest';
import type { Problem } from '../../src/manifest/problem.ts';
import type { Manifest } from '../../src/manifest/schema.ts';
import { decide } from '../../src/verdict/decide.ts';
import { judge } from '../../src/verdict/judge.ts';
import { catsNotScans, clothing, csXray, imagesOnly, type Scene } from '../helpers/evidence.ts';

const locate = (path: string) => ({ file: 'transfer.yml', line: 10 + path.length });
const decision = (scene: Scene, problems: Problem[] = [], measured = true) =>
  decide({
    ...scene,
    verdicts: judge(scene.manifest, measured ? scene.evidence : null),
    problems,
    locate,
    today: '2026-11-22',
    measured,
  });
const withPolicy = (scene: Scene, policy: Manifest['policy'], waivers: Manifest['waivers'] = []): Scene => ({
  ...scene,
  manifest: { ...scene.manifest, policy, waivers },
});
const problem = (level: Problem['level'], code: string, rule?: Problem['rule'], line = 1): Problem => ({
  level,
  code,
  ...(rule ? { rule } : {}),
  path: '',
  location: { file: 'transfer.yml', line },
  message: `${code}.`,
});

describe('decide', () => {
  it('passes what is supported, tied or without evidence', () => {
    expect(decision(clothing())).toMatchObject({ state: 'supported', gate: 'pass', action: null });
    expect(decision(csXray([]))).toMatchObject({ state: 'tied', gate: 'pass', action: null });
    expect(decision(imagesOnly())).toMatchObject({ state: 'no_evidence', gate: 'pass', action: null });
  });

  it('asks for a response to a contradicted claim, at that claim’s line', () => {
    const { state, gate, action } = decision(catsNotScans());
    expect([state, gate]).toEqual(['answer_needed', 'fail']);
    expect(action!.text).toContain('`response:` to claim C2');
    expect(action!.location).toEqual(locate('justification.claims[1]'));
  });

  it('is content with any response, without agreement', () => {
    const found = decision(catsNotScans('Its licence is the only one we can use.'));
    expect(found).toMatchObject({ state: 'worse', gate: 'pass', action: null });
    expect(found.problems.find(({ rule }) => rule === 'contradicted')!.level).toBe('note');
  });

  it('never fails for inconclusive or missing evidence unless the policy says so', () => {
    expect(decision(withPolicy(csXray(), { contradicted: 'note' })).gate).toBe('pass');
    expect(decision(withPolicy(csXray(), { contradicted: 'note', inconclusive: 'fail' }))).toMatchObject({
      state: 'blocked',
      gate: 'fail',
    });
    expect(decision(withPolicy(imagesOnly(), { no_evidence: 'warn' }))).toMatchObject({
      state: 'no_evidence',
      gate: 'warn',
    });
  });

  it('obeys every level of a rule', () => {
    const gates = (['off', 'note', 'warn', 'acknowledge', 'fail'] as const).map((level) => {
      const { state, gate, problems } = decision(withPolicy(catsNotScans(), { contradicted: level }));
      return [state, gate, problems.length];
    });
    expect(gates).toEqual([
      ['worse', 'pass', 0],
      ['worse', 'pass', 1],
      ['worse', 'warn', 1],
      ['answer_needed', 'fail', 1],
      ['blocked', 'fail', 1],
    ]);
  });

  it('keeps failing at `fail` even when the claim was answered', () => {
    expect(decision(withPolicy(catsNotScans('Because.'), { contradicted: 'fail' })).state).toBe('blocked');
  });

  it('lets a waiver stand for the answer until it expires', () => {
    const waiver = (expires: string) => [
      { rule: 'contradicted' as const, claim: 'C2', reason: 'Ticket 812.', by: 'lead', expires },
    ];
    expect(decision(withPolicy(catsNotScans(), {}, waiver('2026-11-22')))).toMatchObject({
      state: 'worse',
      gate: 'pass',
    });
    expect(decision(withPolicy(catsNotScans(), {}, waiver('2026-11-21'))).state).toBe('answer_needed');
    const { problems } = decision(withPolicy(catsNotScans(), {}, waiver('2026-11-22')), [
      problem('note', 'license_unknown', 'license_unknown'),
    ]);
    expect(problems.map(({ code }) => code)).toEqual(['license_unknown', 'contradicted']);
  });

  it('puts blocked before answer needed before undocumented, and tells the worst first', () => {
    const undocumented = problem('fail', 'undocumented', 'undocumented');
    const error = problem('error', 'unknown-key', undefined, 9);
    expect(decision(clothing(), [undocumented]).state).toBe('undocumented');
    expect(decision(catsNotScans(), [undocumented]).state).toBe('answer_needed');
    const all = decision(catsNotScans(), [problem('note', 'license_unknown', 'license_unknown'), undocumented, error]);
    expect(all.state).toBe('blocked');
    expect(all.action).toEqual({ text: 'unknown-key.', location: error.location });
    expect(all.problems.map(({ code }) => code)).toEqual([
      'unknown-key',
      'undocumented',
      'contradicted',
      'license_unknown',
    ]);
  });

  it('is blocked by a manifest that cannot be used', () => {
    const problems = [problem('error', 'syntax')];
    const input = { manifest: null, verdicts: null, problems, locate, today: '2026-11-22', measured: true };
    expect(decide(input)).toMatchObject({ state: 'blocked', gate: 'fail' });
  });

  it('says documented, and nothing about missing evidence, when nothing was to be measured', () => {
    const { state, gate, problems } = decision(csXray(), [], false);
    expect([state, gate]).toEqual(['documented', 'pass']);
    expect(problems.map(({ rule }) => rule)).toEqual(['untestable']);
  });

  it('warns of images that could not be read', () => {
    const scene = clothing();
    scene.evidence.target.set!.unreadable = ['a/1.png', 'a/2.png'];
    const { gate, action } = decision(scene);
    expect(gate).toBe('warn');
    expect(action!.text).toContain('2 images could not be read');
  });
});
