import { describe, expect, it } from 'vitest';
import { quadrantChart } from '../../src/report/chart.ts';
import { renderReport } from '../../src/report/index.ts';
import {
  budgetTooSmall,
  csXray,
  evidenceOf,
  manifestOf,
  probesAgree,
  probesDisagree,
  proxiesOnly,
  type Scene,
  tuningCollapsed,
  weightsAndProxy,
} from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

const commentOf = (scene: Scene) => renderReport(reportOf(scene)).comment;
const linesWith = (text: string, part: string) => text.split('\n').filter((line) => line.includes(part));

describe('a report with fine-tuning', () => {
  it('leads with fine-tuning and sets the linear probe beside it, controls and chance of each included', () => {
    const scene = probesAgree();
    for (const { measure, readAgainst } of scene.evidence.measurements)
      if (measure === 'probe.linear') readAgainst[0] = { name: 'chance', value: 0.12 };
    const comment = commentOf(scene);
    expect(comment).toContain('**Fine-tuning probe, balanced accuracy:** `imagenet` +23.0 points');
    expect(comment).toContain('#### Does it perform? Fine-tuning probe, balanced accuracy in points');
    expect(comment).toContain('| Rank | Source | Fine-tuned | | Minus chosen | Linear probe |');
    expect(linesWith(comment, '(chosen) | 74.2')[0]).toMatch(/– \| 69\.1 \\\[66\.0, 72\.2\\\] \|$/);
    expect(linesWith(comment, '| 3 | random initialisation | 41.0')[0]).toContain('| 24.8 ');
    expect(linesWith(comment, '| – | chance |')[0]).toBe('| – | chance | 10.0 | | – | 12.0 |');
  });

  it('keeps the table as it was where only the linear probe ran', () => {
    expect(commentOf(csXray())).toContain('| Rank | Source | Score | | Minus chosen |\n');
  });

  it('says in two sentences what was trained and what it cannot tell, and gives the published numbers below', () => {
    const comment = commentOf(probesAgree());
    expect(comment).toContain(
      'Every source and control was trained alike: 600 target images, 5 seeds with training, validation and test images of their own, 3 learning rates (validation images choose one), 240 steps a run. So short a search screens and does not decide',
    );
    expect(linesWith(comment, 'arXiv 2412.20172')[0]).toContain(
      'with 3 configurations a source, published results on 15 sources and 11 medical targets name the source that is best in the end in 46 % of cases (rank correlation 0.27); with 10, in 64 %',
    );
    expect(comment).not.toContain('A linear probe on frozen features is a screening');
  });

  it.each([
    [1, '1 configuration a source', '28 %'],
    [2, '1 configuration a source', '28 %'],
    [4, '3 configurations a source', '46 %'],
    [5, '5 configurations a source', '55 %'],
  ])('quotes no better search than the one that ran: %i learning rates', (learningRates, words, share) => {
    const scene = probesAgree();
    for (const { details } of scene.evidence.measurements)
      if (details.learningRates) details.learningRates = learningRates;
    const [limit] = linesWith(commentOf(scene), 'Fine-tuning this short');
    expect(limit).toContain(`with ${words}`);
    expect(limit).toContain(`in ${share} of cases`);
  });

  it('shows a disagreement of the probes in the open, with both orders in the table', () => {
    const comment = commentOf(probesDisagree());
    expect(comment).toContain('### ❌ `frozen-best` for films: worse than `tuned-best`; claim C1 contradicted');
    expect(comment).toContain('> ⚠️ The probes disagree: the linear probe puts frozen-best ahead of tuned-best');
  });

  it('tells which runs broke down, and what was chosen for each', () => {
    const comment = commentOf(tuningCollapsed());
    expect(comment).toContain('> ⚠️ The fine-tuning probe broke down on radimagenet in 2 of 5 seeds');
    const folded = comment.split('<summary>How networks were trained</summary>')[1]!;
    expect(folded).toContain('| `radimagenet` | 0.01 × 3, 0.003 × 2 | one class, 2 of 5 seeds | its own |');
    expect(folded).toContain('| random initialisation | 0.01 × 3, 0.003 × 2 | below chance, 1 of 5 seeds | random |');
    expect(folded).toContain('sgd · batch of 16 · epochs: 10 · augmentation: flip, crop, brightness');
  });

  it('says first that fine-tuning did not fit, with the budget that would do', () => {
    const comment = commentOf(budgetTooSmall());
    expect(comment).toMatch(/> ⚠️ The fine-tuning probe did not run: .*Set evidence\.finetune\.budget to 46m/);
    expect(comment).not.toContain('was trained alike');
    expect(comment).toContain('#### Does it perform? Linear probe');
  });

  it('calls a proxy a proxy in the heading, the lead, the table and the limits', () => {
    const comment = commentOf(proxiesOnly());
    expect(comment).toContain('### ✅ `tissue` for films: as a proxy, better than every alternative measured');
    expect(comment).toContain('**Fine-tuning probe on proxies, balanced accuracy:** `tissue` +10.0 points');
    expect(comment).toContain('#### Do proxies perform? Fine-tuning probe');
    expect(linesWith(comment, 'published weights').length).toBeGreaterThanOrEqual(2);
    expect(comment).toContain('Up: a better score of the fine-tuning probe, of proxies.');
  });

  it('keeps proxies and weights in two tables, and subtracts the chosen source only in its own', () => {
    const comment = commentOf(weightsAndProxy());
    const [, weights, proxies] = comment.split(/#### (?:Does it|Do proxies) perform\?/);
    expect(weights).toContain('`imagenet`** (chosen)');
    expect(weights).not.toContain('`tissue` |');
    expect(proxies).toContain('| Rank | Source | Score | |\n');
    expect(proxies!.split('#### Is it similar')[0]).not.toContain('`imagenet`');
    expect(quadrantChart(weightsAndProxy().evidence)!.points.map(({ label }) => label)).toEqual([
      'imagenet',
      'radimagenet',
    ]);
  });

  it('puts the chosen source’s own table first', () => {
    const comment = commentOf(weightsAndProxy('tissue'));
    expect(comment.indexOf('Do proxies perform?')).toBeLessThan(comment.indexOf('Does it perform?'));
  });

  it('lists a candidate that only another probe could measure, without a rank', () => {
    const evidence = evidenceOf({
      target: 'films',
      candidates: [
        { id: 'a', probe: [0.8, 0.02], tuned: [0.9, 0.02] },
        { id: 'b', tuned: [0.8, 0.02] },
        { id: 'c', probe: [0.6, 0.02], untrainable: 'Resize has no gradient rule.' },
      ],
    });
    const comment = commentOf({ manifest: manifestOf({ chosen: 'a', candidates: ['a', 'b', 'c'] }), evidence });
    expect(linesWith(comment, '| – | `c` |')[0]).toBe('| – | `c` | – | | – | 60.0 \\[58.0, 62.0\\] |');
    expect(comment).toContain('c: Resize has no gradient rule.');
  });

  it('counts runs and seeds in the line of trust, and hands the probes on in report.json', () => {
    const { comment, json } = renderReport(reportOf(probesAgree()));
    expect(comment).toContain('· 5 seeds · 60 training runs · cpu');
    expect(JSON.parse(json).probes).toMatchObject([
      { measure: 'probe.finetune', run: { seeds: 5, learningRates: 3, images: 600, steps: 240 }, runs: 60 },
    ]);
  });
});
