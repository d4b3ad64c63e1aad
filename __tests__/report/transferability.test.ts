import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../src/manifest/schema.ts';
import { renderReport } from '../../src/report/index.ts';
import { knownReliability, reliabilityWord, staticReliability } from '../../src/transferability/known-reliability.ts';
import { clothing } from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';
import { withScores } from '../helpers/scores.ts';

const ids = ['imagenet', 'birds', 'insects'];
const { manifest, evidence } = clothing();
const declared = manifestSchema.parse({
  ...manifest,
  candidates: manifest.candidates.map((candidate) => ({
    ...candidate,
    data: {
      imagenet: { name: 'ImageNet-1K', images: 1_281_167 },
      birds: { name: 'clothing', images: 9000 },
      insects: { name: 'Insects' },
    }[candidate.id],
  })),
});
const comment = (best: string, dimensions = {}, of = declared) =>
  renderReport(reportOf({ manifest: of, evidence: withScores(evidence, ids, best, dimensions) })).comment;
const folded = (text: string) =>
  text.split('<details>').find((part) => part.includes('<summary>Transferability')) ?? '';
const row = (text: string, start: string) =>
  folded(text)
    .split('\n')
    .find((line) => line.startsWith(`| ${start}`)) ?? '';

describe('the transferability scores in the report', () => {
  const text = comment('insects');

  it('are folded, and nowhere else', () => {
    expect(folded(text)).toContain('they decide nothing');
    expect(text.replaceAll(/<details>[\s\S]*?<\/details>/g, '')).not.toMatch(/LogME|PARC|5-NN/);
    expect(text.split('<summary>').filter((part) => part.startsWith('All distances'))[0]).not.toContain('LogME');
  });

  it('stand beside shuffled labels, the mean colour and random weights, the highest in bold', () => {
    expect(row(text, '5-NN, points')).toMatch(
      /\| 50\.0 \\?\[47\.0, 53\.0\\?\] \| 50\.0 .* \| \*\*90\.0 .*\*\* \| 20\.0 to 31\.0 \| 37\.0 to 43\.0 \| 44\.0 to 45\.0 \|/,
    );
  });

  it('carry what is known of them', () => {
    expect(row(text, 'PARC')).toMatch(/weak \(τw 0\.30, regret 1\.42\)/);
    expect(row(text, 'LogME')).toMatch(/fair \(τw 0\.34, regret 0\.66\)/);
    expect(row(text, 'GBC')).toContain('| untested |');
    expect(folded(text)).toContain('arXiv 2412.20172');
  });

  it('stand beside what one would have picked without looking', () => {
    expect(row(text, 'Always ImageNet')).toMatch(/^\| Always ImageNet \| picks \| – \| – \|.*fair/);
    expect(row(text, 'Largest source')).toMatch(/^\| Largest source \| picks \| – \| – \|.*weak/);
    const undeclared = comment('insects', {}, manifest);
    expect(folded(undeclared)).not.toMatch(/Always ImageNet \||Largest source \|/);
  });

  it('say where one was refused', () => {
    expect(row(text, 'NLEEP, nats')).toContain('| refused | refused | refused |');
  });

  it('mark a source that is the target when a score puts it first, and only then', () => {
    expect(row(comment('birds'), 'LogME')).toMatch(/\*\*0\.90.*\*\* self-source/);
    expect(folded(comment('birds'))).toMatch(/Self-source: `birds` was trained on the target/);
    expect(folded(text)).not.toMatch(/self-source/i);
  });

  it('mark a source whose weights were found to have seen the target', () => {
    const seen = { code: 'weights_saw_target' as const, about: 'insects', text: 'They did.' };
    const scored = withScores({ ...evidence, findings: [...evidence.findings, seen] }, ids, 'insects');
    const { comment: told } = renderReport(reportOf({ manifest: declared, evidence: scored }));
    expect(row(told, 'LogME')).toMatch(/\*\*0\.90.*\*\* self-source/);
  });

  it('name no best of scores that grow with the number of features, where those are unequal', () => {
    const unequal = comment('insects', { insects: 512 });
    expect(row(unequal, 'H-score')).not.toContain('**');
    expect(row(unequal, 'PARC')).toContain('**');
    expect(folded(unequal)).toContain('grows with the number of features');
  });

  it('are left out where none was computed', () => {
    expect(folded(renderReport(reportOf({ manifest, evidence })).comment)).toBe('');
  });
});

describe('known reliability', () => {
  it('is fair where following the score cost a point of AUC or less', () => {
    expect(reliabilityWord(null)).toBe('untested');
    for (const known of Object.values(knownReliability))
      if (known) {
        expect(reliabilityWord(known)).toBe(known.regret <= 1 ? 'fair' : 'weak');
        // What the footnote says.
        expect(known.regret).toBeGreaterThan(staticReliability.imagenet.regret);
      }
  });
});
