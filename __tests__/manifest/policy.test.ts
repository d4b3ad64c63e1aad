import { describe, expect, it } from 'vitest';
import { applyWaivers, levelOf } from '../../src/manifest/policy.ts';
import type { Problem } from '../../src/manifest/problem.ts';
import { sample, valid } from './sample.ts';

const { manifest } = valid(
  sample(`justification:
  summary: Chosen for its licence.
  claims:
    - {id: C1, factor: license, text: x, test: untestable}
    - {id: C2, factor: license, text: x, test: untestable}
policy: {contradicted: fail, untestable: off}
waivers:
  - {rule: contradicted, claim: C2, reason: r, by: someone, expires: 2026-03-01}
  - {rule: inconclusive, reason: old, by: before, expires: 2025-01-01}
  - {rule: inconclusive, reason: new, by: after, expires: 2027-01-01}
`),
);

const problem = (rule: Problem['rule'], path: string): Problem => ({
  level: 'fail',
  code: rule ?? 'unknown-key',
  ...(rule ? { rule } : {}),
  path,
  location: { file: 'transfer.yml' },
  message: 'Said.',
});
const apply = (rule: Problem['rule'], path: string, today: string) =>
  applyWaivers([problem(rule, path)], manifest, today)[0]!;

describe('levels', () => {
  it('come from the manifest, else from the defaults', () => {
    expect(levelOf(manifest, 'contradicted')).toBe('fail');
    expect(levelOf(manifest, 'untestable')).toBe('off');
    expect(levelOf(manifest, 'vague_term')).toBe('warn');
    expect(levelOf(null, 'undocumented')).toBe('fail');
  });
});

describe('waivers', () => {
  it('hold up to and including their last day', () => {
    expect(apply('contradicted', 'justification.claims[1]', '2026-03-01').waived).toEqual({
      by: 'someone',
      reason: 'r',
      expires: '2026-03-01',
    });
    const after = apply('contradicted', 'justification.claims[1].test', '2026-03-02');
    expect(after.waived).toBeUndefined();
    expect(after.message).toBe('Said. The waiver by someone expired on 2026-03-01.');
  });

  it('cover only the claim that they name', () => {
    expect(apply('contradicted', 'justification.claims[0]', '2026-01-01').waived).toBeUndefined();
    expect(apply('contradicted', 'justification', '2026-01-01').waived).toBeUndefined();
    expect(apply('contradicted', 'justification.claims[11]', '2026-01-01').waived).toBeUndefined();
  });

  it('prefer one that holds to one that has expired', () => {
    expect(apply('inconclusive', 'justification.claims[0]', '2026-01-01').waived?.by).toBe('after');
  });

  it('say an expiry once, however often they are applied', () => {
    const once = applyWaivers([problem('contradicted', 'justification.claims[1]')], manifest, '2026-03-02');
    expect(applyWaivers(once, manifest, '2026-03-02')).toEqual(once);
  });

  it('never cover errors', () => {
    expect(apply(undefined, 'justification.claims[1]', '2026-01-01').waived).toBeUndefined();
  });
});
