import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/digest.ts';
import { TransferEvidenceError } from '../../src/errors.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { smallestManifest } from '../../src/manifest/smallest.ts';
import { changed, load, messageOf, sample, told } from './sample.ts';

describe('a manifest that is right', () => {
  it('fills in the defaults', () => {
    const { manifest, problems } = load(sample());
    expect(problems).toEqual([]);
    expect(manifest?.evidence).toEqual({
      encoders: ['scattering'],
      images: 500,
      seeds: 5,
      configurations: 5,
      probes: ['linear', 'finetune'],
      finetune: {
        budget: '15m',
        seeds: 5,
        learning_rates: 3,
        epochs: 10,
        batch: 16,
        optimiser: 'sgd',
        augment: { flip: true, crop: true, brightness: true },
        proxy: 'residual',
      },
      budget: '30m',
    });
    expect(manifest?.policy).toEqual({});
    expect(manifest?.waivers).toEqual([]);
  });

  it('is at most 15 lines in its smallest form', () => {
    expect(load(smallestManifest).problems).toEqual([]);
    expect(smallestManifest.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });

  it('may be JSON', () => {
    const { manifest } = load(sample());
    expect(load(JSON.stringify(manifest)).manifest).toEqual(manifest);
  });

  it('may begin with a byte order mark and end its lines with CR LF', () => {
    const { manifest } = load(sample());
    expect(load(Buffer.from(`\uFEFF${sample()}`)).manifest).toEqual(manifest);
    expect(load(sample().replaceAll('\n', '\r\n')).manifest).toEqual(manifest);
  });

  it('takes a key without a value as left out', () => {
    const { manifest } = load(sample('policy:\nwaivers:\njustification:\n'));
    expect(manifest).not.toBeNull();
    expect(manifest && 'justification' in manifest).toBe(false);
    expect(manifest?.policy).toEqual({});
  });

  it('may repeat a block through an alias', () => {
    const source = changed('    license: BSD', '    preprocessing: &p {size: 224}\n    license: BSD').replace(
      '    license: LicenseRef',
      '    preprocessing: *p\n    license: LicenseRef',
    );
    const { manifest } = load(source);
    expect(manifest?.candidates[1]?.preprocessing?.size).toBe(224);
  });

  it('takes “off” as a level, not as a boolean, and dates as dates', () => {
    const { manifest, problems } = load(sample('decision: {date: 2026-03-01}\npolicy: {vague_term: off}\n'));
    expect(problems).toEqual([]);
    expect(manifest?.policy.vague_term).toBe('off');
  });

  it('knows where each path stands, and takes the nearest one above for what is not there', () => {
    const { locate } = load(sample());
    expect(locate('target.name')).toEqual({ file: 'transfer.yml', line: 3, column: 9 });
    expect(locate('candidates[1].weights')).toEqual({ file: 'transfer.yml', line: 11, column: 14 });
    expect(locate('candidates[1]')).toMatchObject({ line: 10, column: 5 });
    expect(locate('candidates[1].sample.path')).toMatchObject({ line: 10 });
    expect(locate('candidates')).toMatchObject({ line: 5, column: 1 });
    expect(locate('intuition.raters[3].ratings["a.b"]')).toMatchObject({ line: 1, column: 1 });
  });
});

describe('what the schema refuses', () => {
  it.each([
    [
      'a misspelt key',
      changed('weights: weights/i', 'wieghts: weights/i'),
      'unknown-key candidates[0].wieghts 7:5',
      '`weights`',
    ],
    ['a misspelt required key, told once', changed('chosen:', 'choosen:'), 'unknown-key choosen 13:1', '`chosen`'],
    ['a key in the wrong case', changed('chosen:', 'Chosen:'), 'unknown-key Chosen 13:1', '`chosen`'],
    [
      'another word for a key',
      changed('justification:', 'rationale:'),
      'unknown-key rationale 14:1',
      '`justification`',
    ],
    ['claims at the top', sample('claims: []\n'), 'unknown-key claims 14:1', 'under `justification.claims`'],
    ['factors at the top', sample('factors: {}\n'), 'unknown-key factors 14:1', 'under `justification.factors`'],
    ['a misspelt key of another level', sample('claim: []\n'), 'unknown-key claim 14:1', '`waivers[].claim`'],
    [
      'a misspelt factor',
      sample('justification: {summary: x, factors: {licence: {text: x}}}\n'),
      'unknown-key justification.factors.licence 14:39',
      '`license`',
    ],
    [
      'a factor under a common name',
      sample('justification: {summary: x, factors: {ethics: {text: x}}}\n'),
      'unknown-key justification.factors.ethics 14:39',
      '`ethics_fairness`',
    ],
    [
      'a misspelt rule',
      sample('policy: {vague_terms: warn}\n'),
      'unknown-key policy.vague_terms 14:10',
      '`vague_term`',
    ],
    [
      'a prototype key',
      sample('__proto__: {chosen: imagenet}\n'),
      'unknown-key __proto__ 14:1',
      'Allowed here: version, decision',
    ],
    [
      'a misspelt level',
      sample('policy: {vague_term: wran}\n'),
      'unknown-value policy.vague_term 14:22',
      'off, note, warn, acknowledge, fail, found "wran". Did you mean `warn`?',
    ],
    [
      'a number as id',
      changed('id: imagenet', 'id: 007'),
      'wrong-type candidates[0].id 6:9',
      'found the number 007. Put quotes around it: "007"',
    ],
    [
      'a boolean as name',
      changed('name: chest-xray', 'name: true'),
      'wrong-type target.name 3:9',
      'Put quotes around it: "true"',
    ],
    [
      'a word that YAML 1.1 takes for a boolean',
      changed('name: chest-xray', 'name: no'),
      'needs-quotes target.name 3:9',
      'Put quotes around it: "no"',
    ],
    [
      'a date as id',
      changed('chosen: radimagenet', 'chosen: 2024-01-01'),
      'needs-quotes chosen 13:9',
      'take 2024-01-01 for a date. Put quotes around it',
    ],
    [
      'a version in quotes',
      changed('version: 1', 'version: "1"'),
      'unknown-value version 1:10',
      'Take the quotes away',
    ],
    ['a later version', changed('version: 1', 'version: 2'), 'unknown-value version 1:10', 'reads version 1'],
    [
      'a number in quotes',
      sample('evidence: {images: "100"}\n'),
      'wrong-type evidence.images 14:20',
      'Take the quotes away: 100',
    ],
    [
      'a number out of range',
      sample('evidence: {seeds: 2}\n'),
      'out-of-range evidence.seeds 14:19',
      'a whole number from 3 to 20, found the number 2',
    ],
    [
      'not a number',
      sample('evidence: {seeds: .nan}\n'),
      'wrong-type evidence.seeds 14:19',
      'a whole number from 3 to 20',
    ],
    [
      'a malformed duration',
      sample('evidence: {budget: 15 min}\n'),
      'bad-format evidence.budget 14:20',
      'as in 15m, found "15 min"',
    ],
    [
      'a date that does not exist',
      sample('decision: {date: 2026-02-30}\n'),
      'bad-date decision.date 14:18',
      'found "2026-02-30"',
    ],
    [
      'an id with a space',
      changed('id: imagenet', 'id: image net'),
      'bad-format candidates[0].id 6:9',
      'letters, digits',
    ],
    [
      'a mapping where entries belong',
      changed(/candidates:[\s\S]*chosen/, 'candidates: {imagenet: {weights: a.onnx}}\nchosen'),
      'wrong-type candidates 5:1',
      'Begin each entry with a dash',
    ],
    [
      'one name where a list belongs',
      sample('decision: {deciders: mira}\n'),
      'wrong-type decision.deciders 14:22',
      '[mira]',
    ],
    [
      'a list where a path belongs',
      changed('data: data/target', 'data: [data/target]'),
      'wrong-type target.data 4:3',
      'text, or a mapping with path, found a list',
    ],
    [
      'a misspelt key in the long form of data',
      changed('data: data/target', 'data: {path: d, labell: x}'),
      'unknown-key target.data.labell 4:19',
      '`label`',
    ],
    [
      'an unknown word for a test',
      sample('justification: {summary: x, claims: [{id: C1, factor: performance, text: x, test: untestible}]}\n'),
      'unknown-value justification.claims[0].test 14:83',
      '`untestable`',
    ],
    ['a missing key', changed('chosen: radimagenet\n', ''), 'missing-key chosen 1:1', '`chosen` is missing'],
    [
      'a required key without a value',
      changed('chosen: radimagenet', 'chosen:'),
      'missing-key chosen 13:1',
      '`chosen` is empty',
    ],
    [
      'an empty text',
      changed('data: data/target', 'data: ""'),
      'wrong-length target.data 4:9',
      'at least 1 character, found none',
    ],
    [
      'a control character through an escape',
      changed('name: chest-xray', 'name: "a\\u001bb"'),
      'bad-format target.name 3:9',
      'found "a\\u001bb"',
    ],
    [
      'half a surrogate pair',
      changed('name: chest-xray', 'name: "\\ud800"'),
      'wrong-encoding target.name 3:9',
      'surrogate',
    ],
    [
      'a hash without letters',
      changed('weights: weights/imagenet.onnx', `weights: {ref: a.onnx, sha256: ${'1'.repeat(64)}}`),
      'wrong-type candidates[0].weights.sha256 7:36',
      'Put quotes around it.',
    ],
  ])('%s', (_, source, problem, words) => {
    expect(told(source)).toEqual([problem]);
    expect(messageOf(source, problem.split(' ')[0]!)).toContain(words);
  });

  it('tells which similarity is meant when only “similarity” is written', () => {
    const claim = '{id: C1, factor: similarity, text: x, test: untestable}';
    expect(messageOf(sample(`justification: {summary: x, claims: [${claim}]}\n`), 'unknown-value')).toContain(
      'Did you mean `semantic_similarity` or `visual_similarity` or `embedding_similarity`?',
    );
  });

  it('collects all problems, of keys, values and cross-references alike, in the order of the file', () => {
    const source = `version: 1
target: {name: t, data: d, licence: x}
candidates:
  - {id: a, weights: http://example.org/a.onnx}
  - {id: a, weights: b.onnx, preprocessing: {std: [0, 1, 1]}}
chosen: c
policy: {norm_only: 3}
`;
    expect(told(source)).toEqual([
      'unknown-key target.licence 2:28',
      'insecure-download candidates[0].weights 4:22',
      'duplicate-id candidates[1].id 5:10',
      'bad-preprocessing candidates[1].preprocessing.std[0] 5:52',
      'unknown-candidate chosen 6:9',
      'unknown-value policy.norm_only 7:21',
    ]);
    expect(load(source).manifest).toBeNull();
  });

  it('does not miss a thing because its key was misspelt', () => {
    const source = changed(
      'weights: weights/imagenet.onnx\n    license: BSD-3-Clause\n    sample:',
      'wieghts: weights/imagenet.onnx\n    smaple:',
    );
    expect(told(source)).toEqual(['unknown-key candidates[0].wieghts 7:5', 'unknown-key candidates[0].smaple 8:5']);
  });

  it('stops at a hundred problems and says how many are left', () => {
    const many = Array.from({ length: 130 }, (_, index) => `unknown${index}: 1\n`).join('');
    const { problems } = load(sample(many));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ code: 'more', message: expect.stringContaining('30 more problems') });
  });

  it('shows found text without anything that acts on a terminal or turns the line around', () => {
    const message = messageOf(changed('id: imagenet', 'id: "a\\u202Eb\\e[31m"'), 'bad-format');
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(message).toContain('a\\u{202e}b');
  });
});

describe('a file that is not what it should be', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghij']
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]\n`)
    .join('')}`;

  it.each<[string, string | Uint8Array, string]>([
    ['nothing', '', 'empty 1:1'],
    ['comments only', '# later\n', 'empty 1:1'],
    ['a list', '- a\n', 'wrong-type 1:1'],
    ['a text', 'hello\n', 'wrong-type 1:1'],
    ['UTF-16', Buffer.from(`\uFEFF${sample()}`, 'utf16le'), 'wrong-encoding 1:1'],
    ['UTF-32', Uint8Array.of(0xff, 0xfe, 0, 0, 0x76, 0, 0, 0), 'wrong-encoding 1:1'],
    ['UTF-16 without a mark', Buffer.from(sample(), 'utf16le'), 'wrong-encoding 1:2'],
    ['Latin-1', Buffer.from('version: 1\nname: é!', 'latin1'), 'wrong-encoding 2:7'],
    ['UTF-8 cut inside a character', Buffer.from('version: 1\nname: é').subarray(0, -1), 'wrong-encoding 2:7'],
    ['a NUL byte', 'version: 1\nname: \0', 'wrong-encoding 2:7'],
    ['a terminal escape', 'version: \u001b[31m1\n', 'wrong-encoding 1:10'],
    ['10 MB', 'x'.repeat(10_000_000), 'too-large 1:1'],
    ['a tab as indent', 'version: 1\ntarget:\n\tname: x\n', 'tab 3:1'],
    ['two documents', `${sample()}---\n${sample()}`, 'several-documents 15:1'],
    ['an unclosed quote', 'version: 1\nname: "x\n', 'syntax 3:1'],
    ['an apostrophe inside single quotes', "version: 1\nname: 'it's'\n", 'syntax 2:11'],
    ['a colon in a text', 'version: 1\nname: a: b\n', 'syntax 2:7'],
    ['a mention without quotes', 'version: 1\nby: @lead\n', 'syntax 2:5'],
    ['a missing space after a colon', 'version:1\nchosen: a\n', 'syntax 1:1'],
    ['deep nesting', `a: ${'['.repeat(500_000)}`, 'too-deep 1:36'],
    ['deep blocks', Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''), 'too-deep'],
    ['a million tokens', `[${'[],'.repeat(340_000)}`, 'too-large'],
  ])('%s', (_, source, problem) => {
    const found = told(source);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(problem);
  });

  it.each<[string, string, string]>([
    ['an alias bomb', bomb, 'alias-expansion'],
    ['an alias that contains itself', sample('intuition: &a [*a]\n'), 'alias-expansion'],
    ['an alias to nothing', sample('intuition: *nowhere\n'), 'unknown-alias'],
    ['a duplicate key', sample('chosen: imagenet\n'), 'duplicate-key'],
    ['a merge key', sample('policy: {<<: {vague_term: off}}\n'), 'merge-key'],
    ['a binary tag', changed('name: chest-xray', 'name: !!binary aGVsbG8='), 'tag-refused'],
    ['a tag of its own', changed('name: chest-xray', 'name: !env NAME'), 'tag-refused'],
    ['a mapping as key', sample('{a: 1}: 2\n'), 'bad-key'],
  ])('refuses %s with one clear error for it', (_, source, code) => {
    expect(load(source).problems.filter((problem) => problem.code === code)).toHaveLength(1);
    expect(load(source).manifest).toBeNull();
  });

  it('says size and limit of a large file', () => {
    expect(messageOf('x'.repeat(10_000_000), 'too-large')).toContain('9.5 MB; at most 1 MB');
  });
});

describe('reading a file', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'manifest-'));
    await mkdir(join(directory, '.github'));
    await writeFile(join(directory, '.github', 'transfer.yml'), sample());
    await writeFile(join(directory, 'huge.yml'), Buffer.alloc(3_000_000, 'x'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('shows the path relative to the base, and knows the directory and the digest', async () => {
    const loaded = await loadManifest('.github/transfer.yml', { base: directory });
    expect(loaded).toMatchObject({ file: '.github/transfer.yml', directory: join(directory, '.github') });
    expect(loaded.digest).toBe(sha256(sample()));
    expect(loaded.manifest?.chosen).toBe('radimagenet');
    const renamed = await loadManifest(join(directory, '.github/transfer.yml'), { displayName: 'a/b.yml' });
    expect(renamed.locate('chosen')).toEqual({ file: 'a/b.yml', line: 13, column: 9 });
  });

  it('throws manifest-missing for a file that is not there', async () => {
    const missing = loadManifest('transfer.yml', { base: directory });
    await expect(missing).rejects.toBeInstanceOf(TransferEvidenceError);
    await expect(missing).rejects.toMatchObject({ code: 'manifest-missing', location: { file: 'transfer.yml' } });
  });

  it('throws manifest-unreadable for a directory', async () => {
    await expect(loadManifest('.github', { base: directory })).rejects.toMatchObject({ code: 'manifest-unreadable' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a named pipe', async () => {
    execFileSync('mkfifo', [join(directory, 'pipe.yml')]);
    await expect(loadManifest('pipe.yml', { base: directory })).rejects.toMatchObject({ code: 'manifest-unreadable' });
  });

  it('tells a large file by its whole size', async () => {
    const { problems } = await loadManifest('huge.yml', { base: directory });
    expect(problems).toMatchObject([{ code: 'too-large', message: expect.stringContaining('2.9 MB') }]);
  });
});
