import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../src/manifest/schema.ts';
import { renderReport } from '../../src/report/index.ts';
import { weightedTau } from '../../src/statistics/weighted-tau.ts';
import {
  knownReliability,
  reliabilityElsewhere,
  reliabilityWord,
  staticReliability,
} from '../../src/transferability/known-reliability.ts';
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

  it('say which network has no source head, once for LEEP and NCE, and drop their rows where none has', () => {
    const scored = withScores(evidence, ids, 'insects');
    const without = (...whom: string[]) =>
      scored.measurements.map((one) =>
        'sourceClasses' in one.details && whom.includes(one.candidate)
          ? { ...one, estimate: null, refused: 'It has no source head.', details: { sourceClasses: null } }
          : one,
      );
    const rendered = (measurements: typeof scored.measurements) =>
      renderReport(reportOf({ manifest: declared, evidence: { ...scored, measurements } })).comment;
    const one = rendered(without('birds'));
    expect(row(one, 'LEEP, nats')).toMatch(/^\| LEEP, nats \| 0\.50.* \| – \| \*\*0\.90/);
    expect(folded(one).match(/No source head: `birds`\./g)).toHaveLength(1);
    const none = rendered(without(...ids));
    expect([row(none, 'LEEP'), row(none, 'NCE')]).toEqual(['', '']);
    expect(folded(none)).toContain('No source head: `imagenet`, `birds`, `insects`.');
    expect(folded(text)).not.toContain('No source head');
    expect(none.replaceAll(/<details>[\s\S]*?<\/details>/g, '')).not.toMatch(/source head/i);
  });

  it('say how many classes the heads have where they have unequally many', () => {
    expect(folded(text)).not.toContain('rise with the number of source classes');
    const scored = withScores(evidence, ids, 'insects', {}, { birds: 965 });
    const { comment: unequal } = renderReport(reportOf({ manifest: declared, evidence: scored }));
    expect(folded(unequal)).toContain('(`imagenet` 1000, `birds` 965, `insects` 1000)');
    // The number of source classes is no number of features.
    expect(folded(unequal)).not.toContain('grows with the number of features');
  });

  it('say which of the source heads say no more than shuffled labels', () => {
    expect(folded(text)).not.toContain('its own shuffled labels');
    const scored = withScores(evidence, ids, 'insects');
    const measurements = scored.measurements.map((one) =>
      one.measure === 'transferability.nce' && one.candidate !== 'birds' ? { ...one, p: 0.075 } : one,
    );
    const { comment: told } = renderReport(reportOf({ manifest: declared, evidence: { ...scored, measurements } }));
    expect(folded(told)).toContain(
      'No higher than under its own shuffled labels (p &gt; 0.05): NCE of `imagenet`, NCE of `insects`.',
    );
  });

  it('stand beside the mean rank on other targets, which names none of them', () => {
    const otherTargets = {
      targets: 3,
      fineTuned: 1,
      ranks: [
        { candidate: 'imagenet', meanRank: 1.34 },
        { candidate: 'insects', meanRank: 1.66 },
      ],
    };
    const told = (more: Partial<typeof evidence>) =>
      renderReport(reportOf({ manifest: declared, evidence: { ...evidence, ...more } })).comment;
    const beside = told({ ...withScores(evidence, ids, 'insects'), otherTargets });
    expect(row(beside, 'Mean rank on')).toBe(
      '| Mean rank on 3 other targets (1 is best) | **1.3** | – | 1.7 | – | – | – | weak (τw 0.44, regret 1.52) |',
    );
    expect(folded(beside)).toContain('by fine-tuning on 1, by the linear probe on the rest');
    // Where no score was taken the ranks are there all the same.
    expect(row(told({ otherTargets: { ...otherTargets, targets: 12 } }), 'Mean rank on 12')).toContain('fair (τw 0.55');
    expect(beside.replaceAll(/<details>[\s\S]*?<\/details>/g, '')).not.toMatch(/other targets/);
  });

  it('are left out where none was computed', () => {
    expect(folded(renderReport(reportOf({ manifest, evidence })).comment)).toBe('');
  });
});

/** What was published: test AUC after fine-tuning by source and target, without a source on itself. */
const published = resolve(import.meta.dirname, '../../../shared/published/medical-transferability');
const isThere = existsSync(published);

describe('known reliability', () => {
  it.skipIf(!isThere)(
    `of the mean rank on other targets is what the published results give${isThere ? '' : ' (skipped: ../shared is not here)'}`,
    () => {
      const lines = (name: string) =>
        readFileSync(join(published, name), 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split(','));
      const [head, ...rows] = lines('AUCs_dataset.csv');
      const targets = lines('lp_dataset.csv')[0]!.slice(2);
      const sources = rows.map(([, source]) => source!);
      const auc = (target: string, source: string) => {
        const cell = rows[sources.indexOf(source)]![head!.indexOf(target)];
        return target === source || !cell ? Number.NaN : Number(cell);
      };
      const sourcesOf = (target: string) => sources.filter((source) => !Number.isNaN(auc(target, source)));
      /** Places on one target, as a share of how many there are. */
      const placesOn = (target: string, among: readonly string[]) => {
        const there = sourcesOf(target).filter((source) => among.includes(source));
        return new Map(
          there.map((source) => {
            const above = there.filter((one) => auc(target, one) > auc(target, source)).length;
            const equal = there.filter((one) => auc(target, one) === auc(target, source)).length;
            return [source, (above + (equal + 1) / 2) / there.length] as const;
          }),
        );
      };
      const chosen = (from: readonly string[], count: number): string[][] =>
        count === 0
          ? [[]]
          : from.flatMap((one, i) => chosen(from.slice(i + 1), count - 1).map((rest) => [one, ...rest]));
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      for (const count of [1, 2, 3, 10]) {
        const found = targets.map((target) => {
          const own = sourcesOf(target);
          const best = own.reduce((most, source) => Math.max(most, auc(target, source)), 0);
          const each = new Map(targets.map((other) => [other, placesOn(other, own)]));
          const runs = chosen(
            targets.filter((other) => other !== target),
            count,
          ).map((others) => {
            const ranked = own.flatMap((source) => {
              const places = others.flatMap((other) => each.get(other)!.get(source) ?? []);
              return places.length === 0 ? [] : [{ source, place: mean(places) }];
            });
            const first = ranked.reduce((least, one) => (one.place < least.place ? one : least));
            const tau = weightedTau(
              ranked.map(({ source }) => auc(target, source)),
              ranked.map(({ place }) => -place),
            );
            return { tau: tau!, regret: 100 * (best - auc(target, first.source)) };
          });
          return { tau: mean(runs.map(({ tau }) => tau)), regret: mean(runs.map(({ regret }) => regret)) };
        });
        const known = reliabilityElsewhere(count);
        expect(mean(found.map(({ tau }) => tau))).toBeCloseTo(known.tau, 2);
        expect(mean(found.map(({ regret }) => regret))).toBeCloseTo(known.regret, 1);
      }
      expect(reliabilityElsewhere(4)).toEqual(reliabilityElsewhere(3));
      expect(reliabilityElsewhere(40)).toEqual(reliabilityElsewhere(10));
    },
    60_000,
  );

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
