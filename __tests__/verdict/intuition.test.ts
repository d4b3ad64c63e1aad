import { describe, expect, it } from 'vitest';
import { judge } from '../../src/verdict/judge.ts';
import { clothing, csXray, evidenceOf, manifestOf, type Scene } from '../helpers/evidence.ts';

function expecting(scene: Scene, ...ranks: string[][]) {
  const raters = ranks.map((expected_rank, index) => ({ id: `r${index}`, expected_rank }));
  return judge({ ...scene.manifest, intuition: { raters } }, scene.evidence).intuition;
}

describe('intuition', () => {
  it('is nothing without raters', () => {
    const { manifest, evidence } = csXray();
    expect(judge(manifest, evidence).intuition).toBeNull();
  });

  it('counts who expected the chosen source and the measured best, and how far the raters agree', () => {
    // Sums of ranks 5, 6 and 7, so S = 2 and W = 12 · 2 ÷ (9 · 24).
    const found = expecting(
      clothing(),
      ['imagenet', 'birds', 'insects'],
      ['birds', 'imagenet', 'insects'],
      ['insects', 'imagenet', 'birds'],
    );
    expect(found).toMatchObject({ raters: 3, chosenFirst: 1, measured: { best: ['imagenet'], bestFirst: 1 } });
    expect(found!.concordance).toBeCloseTo(1 / 9, 12);
  });

  it('says what following the raters’ favourite would cost', () => {
    const { consensus } = expecting(clothing(), ['birds', 'imagenet'], ['birds', 'insects', 'imagenet'])!.measured!;
    expect(consensus).toMatchObject({ choice: 'birds', top: 'imagenet', tied: false });
    expect(consensus!.regret!.value).toBeCloseTo(0.356, 12);
  });

  it('holds a cost within the noise for none', () => {
    const { measured } = expecting(csXray(), ['radimagenet', 'ecoset', 'imagenet'])!;
    expect(measured!.best).toEqual(['ecoset', 'radimagenet', 'imagenet']);
    expect(measured!.consensus).toMatchObject({ choice: 'radimagenet', top: 'ecoset', tied: true });
  });

  it('has no favourite where two share the lowest mean rank', () => {
    expect(expecting(clothing(), ['birds', 'insects'], ['insects', 'birds'])!.measured!.consensus).toBeNull();
  });

  it('leaves out sources that not everyone ranked', () => {
    const found = expecting(clothing(), ['birds', 'imagenet', 'insects'], ['insects', 'imagenet']);
    expect(found!.common).toEqual(['imagenet', 'insects']);
    expect(found!.concordance).toBeNull();
  });

  it('correlates the orders only where there are five sources or more', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const scene = (count: number): Scene => ({
      manifest: manifestOf({ chosen: 'a', candidates: ids.slice(0, count) }),
      evidence: evidenceOf({
        target: 'films',
        candidates: ids.slice(0, count).map((id, index) => ({ id, probe: [0.9 - 0.1 * index, 0.01] })),
      }),
    });
    expect(expecting(scene(5), ids)!.measured!.correlation).toBe(1);
    expect(expecting(scene(5), [...ids].reverse())!.measured!.correlation).toBe(-1);
    expect(expecting(scene(4), ids.slice(0, 4))!.measured!.correlation).toBeNull();
  });

  it('compares with nothing before anything is measured', () => {
    const { manifest } = csXray();
    const raters = [{ id: 'r1', expected_rank: ['radimagenet', 'imagenet'] }];
    expect(judge({ ...manifest, intuition: { raters } }, null).intuition).toMatchObject({
      chosenFirst: 1,
      measured: null,
    });
  });
});
