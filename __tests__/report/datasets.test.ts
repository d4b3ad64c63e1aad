import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/schema.ts';
import { renderReport } from '../../src/report/index.ts';
import type { DatasetCard } from '../../src/semantic/card.ts';
import { compareCards } from '../../src/semantic/compare.ts';
import { evidenceOf, manifestOf } from '../helpers/evidence.ts';
import { githubHtml, reportOf } from '../helpers/render.ts';

const card: DatasetCard = {
  modality: ['DX'],
  bodyPart: ['CHEST'],
  domain: null,
  acquisition: null,
  task: 'binary',
  labels: ['Pleural Effusion', 'Normal'],
  from: { labels: 'images' },
  classes: 2,
  images: null,
  patients: null,
};
const source: DatasetCard = {
  ...card,
  modality: ['CT', 'tomosynthesis'],
  bodyPart: ['LUNG'],
  task: 'multiclass',
  labels: ['pleural_effusions', 'normal', '<b>|mass|</b>'],
  classes: 3,
};
const properties: Evidence['properties'] = [
  { about: 'target', property: 'images', value: 1834, unit: 'images', n: 1834, details: { lookedAt: 500 } },
  {
    about: 'target',
    property: 'class_balance',
    value: 0.8113,
    unit: 'of 1',
    n: 1834,
    details: { smallest: 'yes', smallestImages: 458, largest: 'no', largestImages: 1376 },
  },
  { about: 'imagenet', property: 'images', value: 300, unit: 'images', n: 300, details: { lookedAt: 300 } },
  { about: 'imagenet', property: 'bytes', value: 1_234_567, unit: 'bytes', n: 300, details: { gone: 0 } },
  {
    about: 'imagenet',
    property: 'class_balance',
    value: null,
    unit: 'of 1',
    n: 300,
    refused: 'Two classes.',
    details: {},
  },
  { about: 'imagenet', property: 'missing_metadata', value: 1, unit: 'of 5', n: 5, details: { missing: 'licence' } },
  {
    about: 'target',
    property: 'label_issues',
    value: 0.042,
    low: 0.028,
    high: 0.063,
    unit: 'share',
    n: 500,
    details: { model: 'imagenet', flagged: 21, groups: 500, falseAlarmShare: 0.49, agreement: 0.91, clean: false },
  },
  {
    about: 'target',
    property: 'learning_curve',
    value: 0.013,
    low: -0.008,
    high: 0.034,
    unit: 'points',
    n: 500,
    details: { model: 'imagenet', margin: 0.02, answer: 'undecided', halfImages: 200, allImages: 400 },
  },
];
const evidence: Evidence = {
  ...evidenceOf({
    target: 'films',
    candidates: [
      { id: 'imagenet', probe: [0.72, 0.02], mmd: [0.1, 0.01] },
      { id: 'scratch', probe: [0.7, 0.02] },
    ],
  }),
  semantic: [{ candidate: 'imagenet', rows: compareCards(card, source) }],
  properties,
};
const manifest = manifestOf({
  chosen: 'imagenet',
  candidates: ['imagenet'],
  justification: {
    summary: 'It is large.',
    factors: {
      dataset_size: { text: '1.2 million images.' },
      label_quality: { text: 'Two readers.' },
      semantic_similarity: { text: 'Both show lungs.' },
      availability: { text: 'It was there.' },
    },
  },
});
const { comment } = renderReport(reportOf({ manifest, evidence }));
const folded = (summary: string) =>
  comment.split('<details>').find((part) => part.includes(`<summary>${summary}`)) ?? '';
const row = (text: string, start: string) =>
  (text.split('\n').find((line) => line.startsWith(`| ${start}`)) ?? '').replaceAll('\\', '');

describe('what is declared to be alike', () => {
  const table = folded('Is it the same kind of thing?');

  it('gives the match and the way in the tree, with both inputs', () => {
    expect(row(table, 'modality')).toMatch(
      /\| DX\s*\| CT, tomosynthesis\s*\| not decided\s*\| DX to CT: 2 up to X-ray imaging, 1 down; in no vocabulary here: tomosynthesis/,
    );
    expect(row(table, 'body part')).toMatch(
      /CHEST\s*\| LUNG\s*\| one within the other\s*\| CHEST to LUNG: 0 up to chest \(CHEST\), 1 down/,
    );
  });

  it('gives the labels that are shared, and which of them say little', () => {
    expect(row(table, 'labels')).toMatch(
      /some shared\s*\| Jaccard 0\.67: 2 of 3 different names shared; Pleural Effusion, Normal; saying little: Normal/,
    );
    expect(row(table, 'task type')).toMatch(/binary\s*\| multiclass\s*\| different/);
  });

  it('has no total and says what a step is not', () => {
    expect(table).toContain('There is no total');
    expect(table).toContain('no measure of how well a network transfers');
    expect(table).toContain('DICOM PS3.3 C.7.3.1.1.1');
  });

  it('puts sources of which nothing is declared in one line', () => {
    const blank: DatasetCard = { ...card, modality: [], bodyPart: [], task: null, labels: [], classes: null };
    const silent = compareCards(card, blank);
    const semantic = [
      { candidate: 'a', rows: silent },
      { candidate: 'b', rows: silent },
    ];
    const { comment: short } = renderReport(reportOf({ manifest, evidence: { ...evidence, semantic } }));
    expect(short).toContain('`a`, `b`: nothing is declared on both sides. To compare would be modality, body part');
    expect(short).not.toContain('declared on one side only');
  });

  it('shows a label as what it is', () => {
    const shown = githubHtml(comment);
    expect(shown).not.toContain('<b>');
    expect(shown).toContain('|mass|');
  });
});

describe('what the datasets are made of', () => {
  const table = folded('What the datasets are made of');

  it('has a column for each dataset', () => {
    expect(row(table, 'images')).toMatch(/1,834, 500 looked at\s*\| 300 \|/);
    expect(row(table, 'size on disk')).toMatch(/–\s*\| 1\.2 MB/);
    expect(row(table, 'class balance')).toMatch(/0\.81; yes 458 … no 1,376\s*\| refused/);
    expect(row(table, 'not declared')).toContain('licence');
  });

  it('says why a number was refused', () => {
    expect(table).toMatch(/`imagenet`, class balance.*: Two classes\./);
  });

  it('states the false alarms beside the labels in doubt', () => {
    expect(row(table, 'labels in doubt')).toContain(
      '4.2 % [2.8 %, 6.3 %] flagged by the probe on imagenet, which gives 91 % right; half the flags or more are false alarms',
    );
    expect(table).toContain('confirmed 51 %');
  });

  it('gives the gain of the last doubling and what it does not say', () => {
    expect(row(table, 'gain of the last doubling')).toContain(
      '+1.3 points [−0.8, +3.4] from 200 to 400 training images: undecided',
    );
    expect(table).toContain('nothing about the size of a source');
  });
});

describe('where a factor is listed', () => {
  const considered = folded('What was considered');

  it('points to the numbers that it can be read against', () => {
    expect(considered).toMatch(
      /dataset size:\*\* 1\.2 million images\. · counted under “What the datasets are made of”: images, gain of the last doubling/,
    );
    expect(considered).toMatch(/label quality:\*\* Two readers\. · counted under .*: labels in doubt/);
    expect(considered).toMatch(/semantic similarity:\*\* .* · set side by side under “Is it the same kind of thing\?”/);
  });

  it('points nowhere for a factor without numbers, or without evidence', () => {
    expect(considered).toMatch(/availability:\*\* It was there\.\n/);
    const checked = renderReport(reportOf({ manifest }, { context: { mode: 'check' } })).comment;
    expect(checked).not.toContain('counted under');
    expect(checked).not.toContain('What the datasets are made of');
  });
});

describe('older evidence', () => {
  it('has neither table', () => {
    const older = renderReport(reportOf({ manifest, evidence: { ...evidence, semantic: [], properties: [] } })).comment;
    expect(older).not.toMatch(/same kind of thing|datasets are made of/);
  });
});
