import { describe, expect, it } from 'vitest';
import { type MeasureName, measures } from '../../src/measures.ts';
import { renderReport } from '../../src/report/index.ts';
import { judge } from '../../src/verdict/judge.ts';
import { ordered } from '../../src/verdict/ranking.ts';
import { judgeInterval, oneSided } from '../../src/verdict/relation.ts';
import { claimOf, type EvidenceNumbers, estimateOf, evidenceOf, manifestOf } from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

/** Evidence whose numbers of RBF-MMD² are taken for those of another measure. */
function scene(measure: MeasureName, numbers: { a: number; b: number; probes?: [number, number] }, claims: unknown[]) {
  const { a, b, probes } = numbers;
  const candidates: EvidenceNumbers['candidates'] = [
    { id: 'a', mmd: [a, 0.02], ...(probes && { probe: [probes[0], 0.02] }) },
    { id: 'b', mmd: [b, 0.02], ...(probes && { probe: [probes[1], 0.02] }) },
  ];
  const evidence = evidenceOf({ target: 'films', candidates, mmdHalfWidth: 0.03 });
  for (const found of [...evidence.measurements, ...evidence.comparisons])
    if (found.measure === 'embedding.mmd') found.measure = measure;
  return { evidence, manifest: manifestOf({ chosen: 'a', candidates: ['a', 'b'], claims }) };
}

const pair = { subject: 'a', object: 'b' };

describe.each(['embedding.precision', 'embedding.density', 'embedding.coverage'] as const)('%s', (measure) => {
  const read = (relation: 'closer_than' | 'not_worse_than', margin: number, value: number) =>
    judgeInterval(oneSided({ measure, relation, margin }, estimateOf(value, 0.01)));

  it('is closer where it is higher', () => {
    expect(read('closer_than', 0, 0.05)).toBe('supported');
    expect(read('closer_than', 0, -0.05)).toBe('contradicted');
    expect(read('closer_than', 0.04, 0.06)).toBe('supported');
    expect(read('closer_than', 0.04, -0.06)).toBe('contradicted');
    expect(read('not_worse_than', 0.02, -0.05)).toBe('contradicted');
    expect(read('not_worse_than', 0.02, 0.05)).toBe('supported');
  });

  it('is told so: the source with the higher number is closer', () => {
    const claims = [
      claimOf('C1', { measure, relation: 'closer_than', ...pair }),
      claimOf('C2', { measure, relation: 'closer_than', subject: 'b', object: 'a' }),
      claimOf('C3', { measure, relation: 'closer_than', ...pair, margin: 0.5 }),
    ];
    const { manifest, evidence } = scene(measure, { a: 0.8, b: 0.6 }, claims);
    const judged = judge(manifest, evidence).claims;
    expect(judged.map(({ verdict }) => verdict)).toEqual(['supported', 'contradicted', 'contradicted']);
    expect(judged[0]!.because).toContain('`a` is closer');
    expect(judged[1]!.because).toContain('`a` is closer');
    expect(judged[2]!.because).toContain('`a` is closer, but by less than the claimed');
  });

  it('puts the closest source first', () => {
    const { evidence } = scene(measure, { a: 0.8, b: 0.6 }, []);
    expect(ordered(evidence, measure, { encoder: 'scattering' })).toEqual(['a', 'b']);
    expect(ordered(evidence, 'embedding.kid', { encoder: 'scattering' })).toEqual(['b', 'a']);
  });

  it('is closer where it is higher, when a score is concluded from it', () => {
    const remarkOf = (a: number, probe: number) => {
      const claims = [
        claimOf('C1', { measure, relation: 'closer_than', ...pair }),
        claimOf('C2', { relation: 'greater_than', ...pair }, { depends_on: ['C1'] }),
      ];
      const { manifest, evidence } = scene(measure, { a, b: 0.6, probes: [probe, 0.7] }, claims);
      return judge(manifest, evidence).remarks[0];
    };
    expect(remarkOf(0.8, 0.6)).toBe(`C1 supported, C2 contradicted: closer in ${measures[measure].title}, not better.`);
    expect(remarkOf(0.4, 0.8)).toBe(
      `C1 contradicted, C2 supported: better, but not because it is closer in ${measures[measure].title}.`,
    );
  });

  it('stands in the comment with its direction beside its name', () => {
    const { manifest, evidence } = scene(measure, { a: 0.8, b: 0.6 }, []);
    const { comment } = renderReport(reportOf({ manifest, evidence }));
    expect(comment).toMatch(/(?:precision|density|coverage) \(scattering\), higher is closer/);
    expect(comment).not.toContain('KID (scattering), feature³, ');
  });
});

describe('embedding.recall', () => {
  const measure = 'embedding.recall';

  it('is no closeness: a claim says greater, and a broader source comes first', () => {
    const claims = [
      claimOf('C1', { measure, relation: 'greater_than', ...pair }),
      claimOf('C2', { measure, relation: 'closer_than', ...pair }),
    ];
    const { manifest, evidence } = scene(measure, { a: 0.8, b: 0.6 }, claims);
    const [greater, closer] = judge(manifest, evidence).claims;
    expect(greater).toMatchObject({ verdict: 'supported' });
    expect(greater!.because).toContain('`a` is greater');
    expect(closer).toMatchObject({ verdict: 'no_evidence' });
    expect(ordered(evidence, measure, { encoder: 'scattering' })).toEqual(['a', 'b']);
  });

  it('is not called “closer” when a score is concluded from it', () => {
    const claims = [
      claimOf('C1', { measure, relation: 'greater_than', ...pair }),
      claimOf('C2', { relation: 'greater_than', ...pair }, { depends_on: ['C1'] }),
    ];
    const { manifest, evidence } = scene(measure, { a: 0.8, b: 0.6, probes: [0.6, 0.7] }, claims);
    expect(judge(manifest, evidence).remarks[0]).toBe(
      'C1 supported, C2 contradicted: the one does not carry the other.',
    );
  });
});
