import { describe, expect, it } from 'vitest';
import { changed, load, messageOf, sample, told } from './sample.ts';

const claims = (...entries: string[]) =>
  sample(`justification:\n  summary: x\n  claims:\n${entries.map((entry) => `    - ${entry}\n`).join('')}`);
const test = (more: string) =>
  claims(`{id: C1, factor: performance, text: x, test: {subject: radimagenet, object: imagenet, ${more}}}`);
const weights = (value: string) => changed('weights: weights/imagenet.onnx', `weights: ${value}`);
const data = (value: string) => changed('data: data/target', `data: ${value}`);
const hash = 'a'.repeat(64);

describe('cross-references', () => {
  it.each([
    [
      'a chosen source that is no candidate',
      changed('chosen: rad', 'chosen: rat'),
      'unknown-candidate chosen',
      'Did you mean `radimagenet`? Known: imagenet, radimagenet, scratch.',
    ],
    [
      'the mean-colour control as the chosen source',
      changed('chosen: radimagenet', 'chosen: mean_colour'),
      'unknown-candidate chosen',
      'Known: imagenet, radimagenet, scratch.',
    ],
    [
      'training from scratch where there is no network to train',
      changed(
        /weights: weights\/imagenet.onnx/,
        'weights: none',
        changed(/weights: weights\/rad.*/, 'sample: a'),
      ).replace('chosen: radimagenet', 'chosen: scratch'),
      'nothing-to-measure chosen',
      'no candidate has `weights`',
    ],
    [
      'a reference without images',
      sample(`justification: x\nevidence: { reference: radimagenet }\n`),
      'unknown-candidate evidence.reference',
      'found "radimagenet". Those that have: imagenet.',
    ],
    [
      'no reference where a candidate is called so',
      changed('id: imagenet', "id: 'off'", sample('justification: x\nevidence: { reference: off }\n')),
      'reserved-id evidence.reference',
      'Here "off" means no reference.',
    ],
    [
      'two candidates of one name',
      changed('id: radimagenet', 'id: imagenet').replace('chosen: rad', 'chosen: '),
      'duplicate-id candidates[1].id',
      'the first at `candidates[0].id`',
    ],
    [
      'a candidate named as a control',
      changed('id: imagenet', 'id: mean_colour'),
      'reserved-id candidates[0].id',
      'always added',
    ],
    [
      'a candidate without weights and sample',
      changed(/weights: weights\/rad.*/, 'weights: none'),
      'nothing-to-measure candidates[1]',
      'neither `weights`',
    ],
    [
      'two claims of one name',
      claims(
        '{id: C1, factor: license, text: x, test: untestable}',
        '{id: C1, factor: license, text: y, test: untestable}',
      ),
      'duplicate-id justification.claims[1].id',
      'Two claims',
    ],
    [
      'a claim about an unknown subject',
      claims(
        '{id: C1, factor: performance, text: x, test: {measure: probe.linear, subject: radimage, relation: greater_than, object: imagenet}}',
      ),
      'unknown-candidate justification.claims[0].test.subject',
      'Did you mean `radimagenet`',
    ],
    [
      'scratch in a claim about a distance',
      claims(
        '{id: C1, factor: visual_similarity, text: x, test: {measure: visual.noise, subject: radimagenet, relation: closer_than, object: scratch}}',
      ),
      'scratch-not-comparable justification.claims[0].test.object',
      'has no images',
    ],
    [
      'a claim about one candidate',
      claims(
        '{id: C1, factor: performance, text: x, test: {measure: probe.linear, subject: imagenet, relation: greater_than, object: imagenet}}',
      ),
      'same-candidate justification.claims[0].test.object',
      'both "imagenet"',
    ],
    [
      'closer_than for a score',
      test('measure: probe.linear, relation: closer_than'),
      'relation-mismatch justification.claims[0].test.relation',
      '`greater_than` or `not_worse_than`',
    ],
    [
      'greater_than for a distance',
      test('measure: visual.noise, relation: greater_than'),
      'relation-mismatch justification.claims[0].test.relation',
      '`closer_than`',
    ],
    [
      'greater_than for a measure whose higher number is closer',
      test('measure: embedding.coverage, relation: greater_than'),
      'relation-mismatch justification.claims[0].test.relation',
      '`closer_than`',
    ],
    [
      'closer_than for recall, which is no closeness',
      test('measure: embedding.recall, relation: closer_than'),
      'relation-mismatch justification.claims[0].test.relation',
      '`greater_than` or `not_worse_than`',
    ],
    [
      'a margin in percent',
      test('measure: probe.linear, relation: greater_than, margin: 3'),
      'bad-margin justification.claims[0].test.margin',
      'margin: 0.03',
    ],
    [
      'an encoder that is not listed',
      test('measure: embedding.mmd, relation: closer_than, encoder: scatering'),
      'unknown-encoder justification.claims[0].test.encoder',
      '`scattering`',
    ],
    [
      'an encoder for a visual measure',
      test('measure: visual.noise, relation: closer_than, encoder: scattering'),
      'encoder-unused justification.claims[0].test.encoder',
      'Remove this key',
    ],
    [
      'a dependency on no claim',
      claims('{id: C1, factor: license, text: x, test: untestable, depends_on: [C0]}'),
      'unknown-claim justification.claims[0].depends_on[0]',
      'no claim "C0"',
    ],
    [
      'a claim that depends on itself',
      claims('{id: C1, factor: license, text: x, test: untestable, depends_on: [C1]}'),
      'cyclic-claims justification.claims[0].depends_on',
      'C1 → C1',
    ],
    [
      'a rank with an unknown candidate',
      sample('justification: {summary: x, factors: {license: {rank: [imagenet, ecoset]}}}\n'),
      'unknown-candidate justification.factors.license.rank[1]',
      'no candidate "ecoset"',
    ],
    [
      'a rank that names one twice',
      sample('justification: {summary: x, factors: {license: {rank: [imagenet, imagenet]}}}\n'),
      'duplicate-id justification.factors.license.rank[1]',
      'imagenet',
    ],
    [
      'an expectation about an unknown candidate',
      sample('intuition: {raters: [{id: r, expected_rank: [scratch, ecoset]}]}\n'),
      'unknown-candidate intuition.raters[0].expected_rank[1]',
      'no candidate "ecoset"',
    ],
    [
      'ratings of an unknown candidate',
      sample('intuition: {raters: [{id: r, expected_rank: [scratch], ratings: {eco.set: {license: 3}}}]}\n'),
      'unknown-candidate intuition.raters[0].ratings["eco.set"]',
      'no candidate "eco.set"',
    ],
    [
      'two raters of one name',
      sample('intuition: {raters: [{id: r, expected_rank: [scratch]}, {id: r, expected_rank: [scratch]}]}\n'),
      'duplicate-id intuition.raters[1].id',
      'Two raters',
    ],
    [
      'a waiver of an unknown claim',
      sample('waivers: [{rule: contradicted, claim: C1, reason: x, by: y, expires: 2026-03-01}]\n'),
      'unknown-claim waivers[0].claim',
      'covers nothing',
    ],
    [
      'an encoder called like the built-in one',
      sample('evidence: {encoders: [{id: scattering, ref: a.onnx}]}\n'),
      'reserved-id evidence.encoders[0].id',
      'built-in',
    ],
    [
      'two encoders of one name',
      sample('evidence: {encoders: [{id: e, ref: a.onnx}, {id: e, ref: b.onnx}]}\n'),
      'duplicate-id evidence.encoders[1].id',
      'Two encoders',
    ],
    ['http', weights('http://example.org/a.onnx'), 'insecure-download candidates[0].weights', 'https'],
    [
      'a download without a hash',
      weights('https://example.org/a.onnx'),
      'missing-sha256 candidates[0].weights',
      '{ref: …, sha256: …}',
    ],
    [
      'an encoder without a hash',
      sample('evidence: {encoders: [{id: e, ref: "hf:o/n@1/a.onnx"}]}\n'),
      'missing-sha256 evidence.encoders[0].ref',
      'Add `sha256:`',
    ],
    [
      'a hub reference without a revision',
      weights(`{ref: "hf:o/n/a.onnx", sha256: ${hash}}`),
      'unpinned-reference candidates[0].weights.ref',
      'no revision',
    ],
    [
      'another scheme',
      weights('torchvision:resnet50'),
      'unsupported-reference candidates[0].weights',
      'found "torchvision:resnet50"',
    ],
    ['weights of another format', weights('weights/RadImageNet.pth'), 'not-onnx candidates[0].weights', 'found .pth'],
    [
      'a zero standard deviation',
      changed('license: BSD', 'preprocessing: {std: [1, 0, 1]}\n    license: BSD'),
      'bad-preprocessing candidates[0].preprocessing.std[1]',
      'above 0',
    ],
    [
      'a range without extent',
      changed('license: BSD', 'preprocessing: {range: [1, 1]}\n    license: BSD'),
      'bad-preprocessing candidates[0].preprocessing.range',
      'span',
    ],
    ['data on the web', data('https://example.org/images'), 'data-not-local target.data', 'read from disk'],
    ['a table without its format', data('data/films.csv'), 'format-mismatch target.data', 'format: csv'],
    ['a target table without labels', data('{format: csv, path: films.csv}'), 'no-labels target.data', '`label`'],
    [
      'label and labels',
      data('{format: csv, path: f.csv, label: a, labels: [b, c]}'),
      'label-and-labels target.data.labels',
      'not both',
    ],
    ['a label column for folders', data('{path: images, label: class}'), 'key-unused target.data.label', 'format: csv'],
    [
      'a group pattern for a table',
      data('{format: csv, path: f.csv, label: a, group_pattern: (x)}'),
      'key-unused target.data.group_pattern',
      '`group`',
    ],
    [
      'a group pattern that is none',
      data('{path: images, group_pattern: "(p"}'),
      'bad-pattern target.data.group_pattern',
      'no regular expression',
    ],
    [
      'a group pattern without a group',
      data('{path: images, group_pattern: "p(?:1)"}'),
      'bad-pattern target.data.group_pattern',
      'parentheses',
    ],
    [
      'multilabel from folders',
      changed('  data: data/target', '  data: data/target\n  task: {type: multilabel}'),
      'task-mismatch target.task.type',
      '`labels`',
    ],
    [
      'multiclass from several columns',
      changed('  data: data/target', '  data: {format: csv, path: f.csv, labels: [a, b]}\n  task: {type: multiclass}'),
      'task-mismatch target.task.type',
      'multilabel',
    ],
    [
      'accuracy of several labels',
      changed('  data: data/target', '  data: {format: csv, path: f.csv, labels: [a, b]}\n  task: {metric: accuracy}'),
      'metric-mismatch target.task.metric',
      'macro_auc',
    ],
    [
      'a two-class AUC for many classes',
      changed('  data: data/target', '  data: data/target\n  task: {type: multiclass, metric: auc}'),
      'metric-mismatch target.task.metric',
      'balanced_accuracy',
    ],
  ])('refuses %s', (_, source, problem, words) => {
    expect(told(source).map((line) => line.replace(/ \d+:\d+$/, ''))).toEqual([problem]);
    expect(messageOf(source, problem.split(' ')[0]!)).toContain(words);
    expect(load(source).manifest).toBeNull();
  });

  it.each([
    [
      'scratch as a control of a probe',
      claims(
        '{id: C1, factor: performance, text: x, test: {measure: probe.linear, subject: radimagenet, relation: not_worse_than, object: scratch}}',
      ),
    ],
    ['training from scratch as the choice', changed('chosen: radimagenet', 'chosen: scratch')],
    ['a pinned download', weights(`{ref: "https://example.org/a.onnx?x=1", sha256: ${hash}}`)],
    ['a pinned hub reference', weights(`{ref: "hf:o/n@v1.0/onnx/model.onnx", sha256: ${hash}}`)],
    ['images without weights', changed('weights: weights/imagenet.onnx', 'weights: none')],
    ['an unlabelled sample in a table', changed('sample: data/imagenet', 'sample: {format: csv, path: a.csv}')],
    [
      'claims that build on one another without a ring',
      claims(
        '{id: A, factor: license, text: x, test: untestable}',
        '{id: B, factor: license, text: x, test: untestable, depends_on: [A]}',
        '{id: C, factor: license, text: x, test: untestable, depends_on: [A, B]}',
      ),
    ],
    ['a group pattern with a named group', data('{path: images, group_pattern: "^(?<patient>p\\\\d+)_"}')],
    [
      'a binary task scored by AUC',
      changed('  data: data/target', '  data: data/target\n  task: {type: binary, metric: auc}'),
    ],
  ])('accepts %s', (_, source) => {
    expect(told(source)).toEqual([]);
  });

  it('tells a ring of claims once, at its first member', () => {
    const ring = claims(
      '{id: A, factor: license, text: x, test: untestable, depends_on: [C]}',
      '{id: B, factor: license, text: x, test: untestable, depends_on: [A]}',
      '{id: C, factor: license, text: x, test: untestable, depends_on: [B]}',
    );
    expect(told(ring)).toEqual(['cyclic-claims justification.claims[0].depends_on 17:59']);
  });
});
