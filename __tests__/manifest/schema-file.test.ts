import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type JsonSchema, manifestJsonSchema } from '../../src/manifest/json-schema.ts';
import { lint } from '../../src/manifest/lint.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { smallestManifest } from '../../src/manifest/smallest.ts';
import { sample, told } from './sample.ts';

const example = (name: string) => new URL(`../../examples/${name}`, import.meta.url);
const load = (name: string) => loadManifest(fileURLToPath(example(name)));

function validator() {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(manifestJsonSchema());
}

/** Every property of the schema by its path; list entries as []. */
function properties(schema: JsonSchema, path = ''): [string, JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]): [string, JsonSchema][] => {
    const at = path === '' ? key : `${path}.${key}`;
    return [[at, value], ...properties(value, at)];
  });
  const inner = [
    ...(schema.anyOf ?? []).map((form) => [path, form] as const),
    ...(schema.items ? [[`${path}[]`, schema.items] as const] : []),
  ];
  return [...own, ...inner.flatMap(([at, form]) => properties(form, at))];
}

/** Every key of a value by its path; list entries as []. */
function keys(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keys(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = path === '' ? key : `${path}.${key}`;
    return [at, ...keys(item, at)];
  });
}

describe('the published JSON Schema', () => {
  it('is what the program checks (update with vitest -u)', async () => {
    const text = `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../examples/transfer-manifest.schema.json');
  });

  it('explains every key to an editor', () => {
    const silent = properties(manifestJsonSchema()).filter(([, { description }]) => (description ?? '').length < 10);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('accepts the examples and the smallest manifest', async () => {
    const validate = validator();
    for (const text of [
      await readFile(example('minimal.yml'), 'utf8'),
      await readFile(example('full.yml'), 'utf8'),
      smallestManifest,
    ]) {
      validate(parse(text));
      expect(validate.errors).toBeNull();
    }
  });

  it.each([
    'policy: {vague_terms: warn}\n',
    'justification: {summary: x, factors: {licence: {text: x}}}\n',
    'evidence: {seeds: 2}\n',
    'decision: {date: 2026-02-30}\n',
    'claims: []\n',
  ])('refuses what the program refuses: %s', (rest) => {
    expect(told(sample(rest))).not.toEqual([]);
    expect(validator()(parse(sample(rest)))).toBe(false);
  });
});

describe('the examples', () => {
  it('minimal.yml is valid, at most 15 lines, and gives no cause for complaint', async () => {
    const { manifest, problems, locate } = await load('minimal.yml');
    expect(problems).toEqual([]);
    expect((await readFile(example('minimal.yml'), 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect(lint(manifest!, locate, '2026-01-01')).toEqual([]);
  });

  it('full.yml is valid and gives no cause for complaint', async () => {
    const { manifest, problems, locate } = await load('full.yml');
    expect(problems).toEqual([]);
    expect(lint(manifest!, locate, '2026-01-01')).toEqual([]);
  });

  it('full.yml uses every key that there is', async () => {
    const used = new Set(keys(parse(await readFile(example('full.yml'), 'utf8'))));
    // Factors and rules are names to choose from; keys that may stand in several places
    // (of images, coding, preprocessing) need to stand in one.
    const general = (path: string) =>
      path
        .replace(/\.factors\.\w+/, '.factors.*')
        .replace(/\.ratings\.\w+(\.\w+)?/, '.ratings')
        .replace(/\.modality\[\]/, '.modality')
        .replace(/^.*(?:target\.data|\.sample)\./, 'images.')
        .replace(/^.*\.(coding|preprocessing)\./, '$1.');
    const covered = new Set([...used].map(general));
    const missing = properties(manifestJsonSchema())
      .map(([path]) => general(path))
      .filter((path) => !covered.has(path));
    expect([...new Set(missing)]).toEqual([]);
  });

  it.each(['minimal.yml', 'full.yml'])('%s names the schema for editors', async (name) => {
    expect(await readFile(example(name), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/transfer-manifest\.schema\.json\n/,
    );
  });
});
