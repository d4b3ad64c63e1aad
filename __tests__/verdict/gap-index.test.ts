import { describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/index.ts';
import { gapIndex } from '../../src/verdict/gap-index.ts';
import { judge } from '../../src/verdict/judge.ts';
import { type EvidenceNumbers, evidenceOf, manifestOf } from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

const numbers: EvidenceNumbers = {
  target: 'films',
  candidates: [
    { id: 'films-elsewhere', probe: [0.8, 0.02], mmd: [0.032, 0.01] },
    { id: 'photographs', mmd: [0.302, 0.02] },
    { id: 'copies', mmd: [0.001, 0.004] },
  ],
  splitHalf: 0.002,
  mmdHalfWidth: 0.02,
};
const evidence = evidenceOf(numbers);
const withBuiltIn = () => evidenceOf({ ...numbers, reference: [0.4, 0.03] });
const gap = (source: string, reference = 'photographs') =>
  gapIndex(evidence, { encoder: 'scattering', source, reference });

describe('the gap index', () => {
  it('is the share of the way from a half of the target to the reference', () => {
    expect(gap('films-elsewhere')!.value).toBeCloseTo(0.1, 12);
    expect(gap('photographs')).toMatchObject({ value: 1, low: 1, high: 1 });
    expect(gap('photographs', 'films-elsewhere')!.value).toBeCloseTo(10, 10);
    expect(gap('copies')!.value).toBeLessThan(0);
  });

  it('has the interval of a ratio of two correlated distances', () => {
    // Half-widths ½, 1 and 1 in units of the reference’s, over 15 of them: ¼ − 0.1 · (¼ + 1 − 1) + 0.01 · 1.
    const { value, high, low } = gap('films-elsewhere')!;
    const half = Math.sqrt(0.25 - 0.1 * 0.25 + 0.01) / 15;
    expect(high - value).toBeCloseTo(half, 10);
    expect(value - low).toBeCloseTo(half, 10);
  });

  it('is not to be had where the reference cannot be told from the target, or a distance is missing', () => {
    expect(gap('films-elsewhere', 'copies')).toBeNull();
    expect(gap('nobody')).toBeNull();
    expect(gapIndex(evidence, { encoder: 'dino', source: 'copies', reference: 'photographs' })).toBeNull();
  });
});

describe('the report', () => {
  const told = (reference?: string, measured = evidence) => {
    const manifest = manifestOf({
      chosen: 'films-elsewhere',
      candidates: ['films-elsewhere', 'photographs', 'copies'],
      ...(reference && { evidence: { reference } }),
    });
    return renderReport(reportOf({ manifest, evidence: measured })).comment.replaceAll('\\', '');
  };

  it('shows it beside each distance when the manifest names a reference', () => {
    const comment = told('photographs');
    expect(comment).toMatch(/films-elsewhere.*\| 0\.10 \[0\.07, 0\.13\], small \|/);
    expect(comment).toMatch(/photographs.*\| 1 \(the reference\) \|/);
    expect(comment).toContain('Gap index: 0 is another sample of the target, 1 as far as `photographs`');
  });

  it('shows none where none was measured', () => {
    expect(told()).not.toContain('Gap index');
  });

  it('shows it against the built-in set when the manifest names none, which is in no other row', () => {
    const measured = withBuiltIn();
    const comment = told(undefined, measured);
    expect(comment).toMatch(/films-elsewhere.*\| 0\.08 \[0\.06, 0\.09\], small \|/);
    expect(comment).toMatch(/photographs.*\| 0\.75 \[0\.72, 0\.79\] \|/);
    expect(comment).toContain(
      'Gap index: 0 is another sample of the target, 1 as far as 200 images of overlapping discs (dead leaves), drawn by the program with the spectrum and edges of photographs and without meaning, at 0.400 [0.370, 0.430];',
    );
    expect(comment).toMatch(/copies.*\| 0\.00 \[−0\.01, 0\.01\], small \|/);
    expect(comment.split('dead leaves')).toHaveLength(2);
    expect(judge(manifestOf({ chosen: 'copies', candidates: ['copies'] }), measured).ranking).toEqual(
      judge(manifestOf({ chosen: 'copies', candidates: ['copies'] }), evidence).ranking,
    );
  });

  it('prefers the candidate that the manifest names, and shows none when it says off', () => {
    expect(told('photographs', withBuiltIn())).toContain('1 as far as `photographs`');
    expect(told('off', withBuiltIn())).not.toContain('Gap index');
  });
});
