import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Manifest, manifestSchema } from '../../src/manifest/schema.ts';
import { renderReport } from '../../src/report/index.ts';
import { csXray, evidenceOf, manifestOf } from '../helpers/evidence.ts';
import { reportOf } from '../helpers/render.ts';

const full = manifestSchema.parse(parse(readFileSync(new URL('../../examples/full.yml', import.meta.url), 'utf8')));
const evidence = evidenceOf({
  target: 'chest-xray',
  task: 'multilabel',
  metric: 'macro_auc',
  candidates: [
    { id: 'imagenet', probe: [0.7245, 0.0165], mmd: [0.112, 0.012] },
    { id: 'radimagenet', probe: [0.7323, 0.0114], mmd: [0.031, 0.008] },
    { id: 'ecoset', mmd: [0.118, 0.013] },
    { id: 'scratch', probe: [0.717, 0.0148] },
  ],
});
const commentOf = (manifest: Manifest, context = {}) =>
  renderReport(reportOf({ manifest, evidence }, { context })).comment;
const opened = (comment: string) => comment.replaceAll(/<details>[\s\S]*?<\/details>/g, '');
const folded = (comment: string, summary: string) =>
  comment.split('<details>').find((part) => part.includes(`<summary>${summary}`)) ?? '';

describe('what was considered', () => {
  const comment = commentOf(full);
  const considered = folded(comment, 'What was considered');

  it('is folded and leaves the comment short', () => {
    expect(opened(comment)).not.toContain('TL-0007');
    expect(comment.length).toBeLessThan(20_000);
  });

  it('shows the decision record', () => {
    expect(considered).toMatch(/`TL-0007` · proposed · 2026-02-12 · replaces `TL-0003` · decided by @\S*imaging-team/);
    expect(considered).toContain('**Question:** Which pretraining source');
  });

  it('gives the reasons in the authors’ words, with order, meaning and source', () => {
    expect(considered).toContain('> RadImageNet was acquired');
    expect(considered).toMatch(/\*\*semantic similarity:\*\* Radiological.*order: `radimagenet` &gt; `imagenet`/);
    expect(considered).toContain('meaning: Closer on visual.contrast');
    expect(considered).toContain('source: doi:10.1148/ryai.210315');
  });

  it('names the factors and sources that were not considered, with the reason', () => {
    expect(considered).toContain('**diversity** as a factor: We have no agreed definition.');
    expect(considered).toContain('**MIMIC-CXR** as a source, for availability: Credentialed access is pending.');
  });

  it('sets the declared facts of the sources beside the target’s', () => {
    const row = (start: string) => considered.split('\n').find((line) => line.startsWith(start));
    expect(row('| the target')).toMatch(/data\/croissant\.json, docs\/films\.md.*CR, DX, CHEST.*LicenseRef-hospital/);
    expect(row('| `imagenet`')).toMatch(/1,281,167 images, 1,000 classes.*XC.*modality no.*BSD-3-Clause \(weights\)/);
    expect(row('| **`radimagenet`** (chosen)')).toContain('131,872 patients');
  });

  it('says whether the declared modality and body part are the target’s', () => {
    const { target, candidates } = full;
    const changed = candidates.map((candidate) => ({ ...candidate, coding: { modality: 'dx', body_part: 'knee' } }));
    const own = commentOf({ ...full, candidates: changed, target });
    expect(folded(own, 'What was considered')).toContain('modality yes, body part no');
  });

  it('shows a waiver that covers nothing', () => {
    expect(considered).toMatch(/`contradicted` of C3, until 2026-06-30 by @\S*imaging-lead/);
  });

  it('keeps a sentence of reasons when that is all there is', () => {
    const small = folded(
      commentOf(manifestOf({ chosen: 'imagenet', candidates: ['imagenet'] })),
      'What was considered',
    );
    expect(small).toContain('> It looks like our films.');
    expect(small).not.toContain('| Declared');
  });

  it('stands in the comment of a check, too', () => {
    const checked = renderReport(reportOf({ manifest: full }, { context: { mode: 'check' } })).comment;
    expect(folded(checked, 'What was considered')).toContain('TL-0007');
    expect(folded(checked, 'What this cannot tell you')).toContain('not tested here');
  });
});

/** Every number and text of a value by its path. */
function leaves(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) =>
    leaves(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** What decides how and how much is measured, and rules, which act on what fires. */
const measuring =
  /^version|^(target|candidates\.\d+)\.(data\.(format|path|image|labels|group|split)\b|task|sample|preprocessing)|\.weights\.(ref|sha256|input|features)|\.weights$|^evidence|^policy|\.(test|depends_on)\b/;

describe('every other key of the manifest', () => {
  const said = leaves(full).filter((path) => !measuring.test(path.join('.')));
  const before = commentOf(full);

  it.each(said.map((path) => [path.join('.'), path] as const))('%s changes what the reader sees', (_, path) => {
    const changed = structuredClone(full);
    const holder = path.slice(0, -1).reduce((at: unknown, key) => (at as Record<string, unknown>)[key], changed);
    const own = holder as Record<string, unknown>;
    const key = path.at(-1)!;
    own[key] = typeof own[key] === 'number' ? own[key] / 2 : 'changed';
    expect(commentOf(changed)).not.toBe(before);
  });

  it('are the most of it', () => {
    expect(said.length).toBeGreaterThan(80);
  });
});

describe('what this cannot tell you', () => {
  it('names declared subgroups and shifts as not tested', () => {
    const limits = folded(commentOf(full), 'What this cannot tell you');
    expect(limits).toContain('subgroups that must not be served worse (sex, age)');
    expect(limits).toContain('Two more hospitals');
  });
});

describe('intuition in the comment', () => {
  it('is one open line and folded tables', () => {
    const comment = commentOf(full);
    expect(opened(comment)).toMatch(
      /\*\*Intuition:\*\* 2 of 2 raters expected `radimagenet` to be best · Kendall’s W 0\.75/,
    );
    const raters = folded(comment, 'What people expected (2 raters)');
    expect(raters).toMatch(/`r1` \| machine-learning engineer, 4 years \| 2026-02-10 \|.*\| 70 % \|/);
    expect(raters).toMatch(/`r2` \| radiologist \| not dated/);
    expect(raters).toContain('| visual similarity | 5.0 | 2.0 |');
  });

  it('never calls an agreement significant', () => {
    expect(commentOf(full)).not.toMatch(/significan/);
  });
});

describe('the networks', () => {
  it('shows what was taken from each and every note once', () => {
    const { manifest, evidence: measured } = csXray();
    const networks = folded(renderReport(reportOf({ manifest, evidence: measured })).comment, 'The networks');
    expect(networks).toContain('| `imagenet` | 3 × 224 × 224 | `features` | 1,280 | 2,223,872 |');
    expect(networks.match(/Features are the output features/g)).toHaveLength(1);
  });
});
