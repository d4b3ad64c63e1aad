import { describe, expect, it } from 'vitest';
import { renderReport } from '../../src/report/index.ts';
import { judge } from '../../src/verdict/judge.ts';
import { clothing, csXray, evidenceOf, manifestOf, type Scene } from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

const fromScratch = ({ manifest, evidence }: Scene): Scene => ({
  manifest: { ...manifest, chosen: 'scratch' },
  evidence,
});
const choiceOf = (scene: Scene) => judge(scene.manifest, scene.evidence).choice;

describe('training from scratch as the choice', () => {
  it('is worse where a pretrained source is told apart from it', () => {
    expect(choiceOf(fromScratch(clothing()))).toMatchObject({
      verdict: 'worse',
      against: 'imagenet',
      comparison: { subject: 'scratch', object: 'imagenet' },
    });
  });

  it('is told apart from nothing where the intervals hold 0', () => {
    expect(choiceOf(fromScratch(csXray()))).toMatchObject({ verdict: 'inconclusive', against: 'ecoset' });
  });

  it('is supported where it beats every candidate', () => {
    const evidence = evidenceOf({
      target: 'films',
      candidates: [
        { id: 'scratch', probe: [0.9, 0.02] },
        { id: 'a', probe: [0.7, 0.02] },
        { id: 'b', probe: [0.6, 0.02] },
      ],
    });
    const manifest = { ...manifestOf({ chosen: 'a', candidates: ['a', 'b'] }), chosen: 'scratch' };
    expect(choiceOf({ manifest, evidence })).toMatchObject({ verdict: 'supported', against: 'a' });
  });

  it('stands for the best random initialisation where there are several architectures', () => {
    const evidence = evidenceOf({
      target: 'films',
      candidates: [
        { id: 'a', probe: [0.9, 0.02] },
        { id: 'b', probe: [0.6, 0.02] },
        { id: 'scratch of a', probe: [0.5, 0.02] },
        { id: 'scratch of b', probe: [0.55, 0.02] },
      ],
    });
    const manifest = { ...manifestOf({ chosen: 'a', candidates: ['a', 'b'] }), chosen: 'scratch' };
    const choice = choiceOf({ manifest, evidence });
    expect(choice).toMatchObject({ verdict: 'worse', against: 'a', comparison: { subject: 'scratch of b' } });
    const { comment } = renderReport(reportOf({ manifest, evidence }));
    expect(comment).toContain('**random initialisation of b** (chosen)');
    expect(comment).toContain('`scratch` for films: worse than `a`');
  });
});
