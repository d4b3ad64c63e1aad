import { describe, expect, it } from 'vitest';
import { type Evidence, evidenceSchema } from '../../src/evidence/schema.ts';
import { parseManifest } from '../../src/manifest/load.ts';
import { manifestSchema } from '../../src/manifest/schema.ts';
import { transferabilityMeasures } from '../../src/measures.ts';
import { capsOn } from '../../src/verdict/caps.ts';
import { decide } from '../../src/verdict/decide.ts';
import { judge } from '../../src/verdict/judge.ts';
import { alwaysImageNet, isSelfSource, largestSource } from '../../src/verdict/static-baselines.ts';
import { catsNotScans, claimOf, clothing, csXray, imagesOnly, manifestOf } from '../helpers/evidence.ts';
import { withScores } from '../helpers/scores.ts';

const locate = () => ({ file: 'transfer.yml', line: 1 });

describe('transferability scores', () => {
  it.each([
    ['photographs of clothing', clothing],
    ['chest X-rays', csXray],
    ['cats, not CAT scans', catsNotScans],
    ['images without weights', imagesOnly],
  ])('move no verdict, choice, ranking, remark or decision on %s, whatever they say', (_, scene) => {
    const { manifest, evidence } = scene();
    const ids = manifest.candidates.map(({ id }) => id);
    for (const best of ids) {
      const scored = withScores(evidence, ids, best);
      expect(evidenceSchema.parse(scored)).toEqual(scored);
      const before = judge(manifest, evidence);
      const after = judge(manifest, scored);
      expect(after).toEqual(before);
      const decided = (one: Evidence) =>
        decide({
          manifest,
          verdicts: judge(manifest, one),
          problems: [],
          locate,
          today: '2026-11-22',
          measured: true,
          evidence: one,
        });
      expect(decided(scored)).toEqual(decided(evidence));
    }
  });

  it('cap nothing when they are refused', () => {
    const { evidence } = clothing();
    const ids = ['imagenet', 'birds', 'insects'];
    const scored = withScores(evidence, ids, 'birds');
    for (const comparison of evidence.comparisons)
      expect(capsOn(comparison, scored)).toEqual(capsOn(comparison, evidence));
  });

  it.each(transferabilityMeasures)('cannot be named by a claim: %s', (measure) => {
    const claim = claimOf('C1', { measure, subject: 'a', relation: 'greater_than', object: 'b' });
    const of = (claims: unknown[]) => () => manifestOf({ chosen: 'a', candidates: ['a', 'b'], claims });
    expect(of([claim])).toThrow(/"measure"/);
    expect(of([{ ...claim, test: 'untestable' }])).not.toThrow();
  });

  it('cannot be named by a claim, and the author is told what can', () => {
    const { problems } = parseManifest(
      `version: 1
target: { name: t, data: d }
candidates: [{ id: a, weights: a.onnx }, { id: b, weights: b.onnx }]
chosen: a
justification:
  summary: It looks like our films.
  claims: [{ id: C1, factor: performance, text: y, test: { measure: logme, subject: a, relation: greater_than, object: b } }]
`,
      'transfer.yml',
    );
    expect(problems).toMatchObject([
      { code: 'unknown-value', message: expect.stringContaining('test the claim with a probe') },
    ]);
  });
});

describe('choices that look at no image', () => {
  const manifest = (cards: Record<string, object>) =>
    manifestSchema.parse({
      version: 1,
      target: { name: 'Chest X-ray', data: 'data/target', card: 'docs/films.md' },
      candidates: Object.entries(cards).map(([id, rest]) => ({ id, weights: `weights/${id}.onnx`, ...rest })),
      chosen: Object.keys(cards)[0],
      justification: 'It looks like our films.',
    });

  it.each([
    ['ImageNet', true],
    ['ImageNet-1K', true],
    ['imagenet21k', true],
    ['ILSVRC2012', true],
    ['Image Net', true],
    ['RadImageNet', false],
    ['Imagenette', false],
    ['Tiny ImageNet', false],
  ])('take %s for ImageNet: %s', (name, is) => {
    expect(alwaysImageNet(manifest({ a: { data: { name } }, b: {} }))).toEqual(is ? ['a'] : []);
  });

  it('take the largest declared source, both of two, and none unless two declare a size', () => {
    const sized = (images: number) => ({ data: { images } });
    expect(largestSource(manifest({ a: sized(10), b: sized(20), c: {} }))).toEqual(['b']);
    expect(largestSource(manifest({ a: sized(20), b: sized(20) }))).toEqual(['a', 'b']);
    expect(largestSource(manifest({ a: sized(20), b: {} }))).toEqual([]);
  });

  it('know a source that is the target by its name or card', () => {
    const { candidates, target } = manifest({
      own: { data: { name: 'chest-xray' } },
      card: { card: 'docs/films.md' },
      other: { data: { name: 'Chest X-ray 14' }, card: 'docs/other.md' },
      none: {},
    });
    expect(candidates.filter((candidate) => isSelfSource(candidate, target)).map(({ id }) => id)).toEqual([
      'own',
      'card',
    ]);
  });
});
