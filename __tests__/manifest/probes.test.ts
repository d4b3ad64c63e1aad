import { describe, expect, it } from 'vitest';
import { strongestProbe } from '../../src/manifest/probes.ts';
import { messageOf, sample, told, valid } from './sample.ts';

const claim = (measure: string) =>
  `justification: {summary: Radiology images resemble our films., claims: [{id: C1, factor: performance, text: x, test: {measure: ${measure}, subject: radimagenet, relation: greater_than, object: imagenet}}]}\n`;

describe('evidence.probes', () => {
  it.each([
    ['probes: []', 'wrong-length evidence.probes'],
    ['probes: [linear, finetune, linear]', 'duplicate-id evidence.probes[2]'],
    ['probes: [knn]', 'unknown-value evidence.probes[0]'],
    ['finetune: {seeds: 2}', 'out-of-range evidence.finetune.seeds'],
    ['finetune: {learning_rates: 6}', 'out-of-range evidence.finetune.learning_rates'],
    ['finetune: {epochs: 0}', 'out-of-range evidence.finetune.epochs'],
    ['finetune: {batch: 2}', 'out-of-range evidence.finetune.batch'],
    ['finetune: {budget: 15}', 'wrong-type evidence.finetune.budget'],
    ['finetune: {optimiser: adam}', 'unknown-value evidence.finetune.optimiser'],
    ['finetune: {augment: {rotate: true}}', 'unknown-key evidence.finetune.augment.rotate'],
    ['finetune: {proxy: resnet50}', 'unknown-value evidence.finetune.proxy'],
  ])('refuse %s', (evidence, problem) => {
    const found = told(sample(`evidence: {${evidence}}\n`));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${problem.replace(/[[\]]/g, '\\$&')} `));
  });

  it.each(['optimizer', 'lr', 'batch_size', 'augmentation'])('know what %s means', (key) => {
    expect(messageOf(sample(`evidence: {finetune: {${key}: x}}\n`), 'unknown-key')).toContain('Did you mean');
  });

  it('refuse settings of training where nothing is trained, and let those be that change nothing', () => {
    const rest = (finetune: string) => `evidence: {probes: [linear], finetune: {${finetune}}}\n`;
    expect(told(sample(rest('batch: 32')))[0]).toMatch(/^key-unused evidence\.finetune/);
    expect(told(sample(rest('augment: {flip: false}')))[0]).toMatch(/^key-unused evidence\.finetune/);
    expect(told(sample(rest('batch: 16')))).toEqual([]);
    expect(told(sample('evidence: {probes: [last_block], finetune: {batch: 32}}\n'))).toEqual([]);
  });
});

describe('a claim', () => {
  it('may name every probe that is asked for', () => {
    expect(told(sample(claim('probe.finetune')))).toEqual([]);
    expect(told(sample(claim('probe.linear')))).toEqual([]);
    expect(told(sample(`${claim('probe.last_block')}evidence: {probes: [last_block]}\n`))).toEqual([]);
  });

  it('cannot name a probe that is not, and is told how to ask for it', () => {
    expect(told(sample(claim('probe.last_block')))[0]).toMatch(
      /^probe-not-asked justification\.claims\[0\]\.test\.measure/,
    );
    expect(messageOf(sample(claim('probe.last_block')), 'probe-not-asked')).toBe(
      'probe.last_block is not measured: `evidence.probes` is [linear, finetune]. Write `probes: [linear, finetune, last_block]` under `evidence`, or test the claim with probe.linear or probe.finetune.',
    );
    expect(messageOf(sample(`${claim('probe.finetune')}evidence: {probes: [linear]}\n`), 'probe-not-asked')).toContain(
      'Write `probes: [linear, finetune]`',
    );
  });

  it('about fine-tuning is a score, so it is not closer', () => {
    const text = claim('probe.finetune').replace('greater_than', 'closer_than');
    expect(told(sample(text))[0]).toMatch(/^relation-mismatch/);
  });
});

describe('the probe that is suggested', () => {
  it('is the strongest that runs', () => {
    const suggested = (probes: string) => strongestProbe(valid(sample(`evidence: {probes: [${probes}]}\n`)).manifest);
    expect(suggested('linear, finetune')).toBe('probe.finetune');
    expect(suggested('linear, last_block')).toBe('probe.last_block');
    expect(suggested('linear')).toBe('probe.linear');
  });
});
