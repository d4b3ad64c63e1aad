import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { lint } from '../../src/manifest/lint.ts';
import { formatPath, parentPath } from '../../src/manifest/path.ts';
import { factors, type Manifest, manifestSchema } from '../../src/manifest/schema.ts';
import { load, sample } from './sample.ts';

const runs = { numRuns: 150 };

function expectWellFormed(source: string | Uint8Array): void {
  const { manifest, problems, locate } = load(source);
  expect(manifest === null).toBe(problems.length > 0);
  for (const problem of problems) {
    expect(problem.level).toBe('error');
    expect(problem.message.length).toBeGreaterThan(10);
    expect(problem.location.line).toBeGreaterThanOrEqual(1);
    expect(problem.location.column).toBeGreaterThanOrEqual(1);
    expect(problem.message).not.toMatch(/Invalid (?:input|option)|undefined|\[object/);
    expect(problem.message).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    expect(locate(problem.path).line).toBeGreaterThanOrEqual(1);
  }
  if (manifest) lint(manifest, locate, '2026-01-01');
}

const id = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,10}$/)
  .filter((word) => word !== 'scratch' && word !== 'mean_colour');
const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => /^\P{Cc}*$/u.test(text) && text.trim() !== '' && text.isWellFormed());
const measure = fc.constantFrom('visual.noise', 'embedding.mmd');

const manifests = fc.uniqueArray(id, { minLength: 2, maxLength: 4 }).chain((ids) =>
  fc.record(
    {
      version: fc.constant(1 as const),
      target: fc.record({ name: words, data: fc.constantFrom('data', './a b', 'ü/é') }),
      candidates: fc.constant(ids.map((candidate) => ({ id: candidate, weights: 'w.onnx', sample: 'images' }))),
      chosen: fc.constantFrom(...ids),
      justification: fc.oneof(
        words,
        fc.record({
          summary: words,
          factors: fc.dictionary(
            fc.constantFrom(...factors),
            fc.record({ text: words, rank: fc.shuffledSubarray(ids, { minLength: 1 }) }),
          ),
          claims: measure.map((name) => [
            {
              id: 'C1',
              factor: 'visual_similarity',
              text: 'x',
              test: { measure: name, subject: ids[0], relation: 'closer_than', object: ids[1] },
            },
          ]),
        }),
      ),
      evidence: fc.record({ seeds: fc.integer({ min: 3, max: 20 }), images: fc.integer({ min: 20, max: 2000 }) }),
      intuition: fc.record({
        raters: fc.constant([{ id: 'r', expected_rank: ids, ratings: { [ids[0]!]: { license: 3 } } }]),
      }),
    },
    { requiredKeys: ['version', 'target', 'candidates', 'chosen'] },
  ),
);

describe('whatever the file holds', () => {
  it('random bytes give problems with places, never an exception', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), expectWellFormed), runs);
  });

  it('random text made of YAML’s own signs does, too', () => {
    const signs = fc.constantFrom(
      ...'[]{}:,-?&*!|>\'"%@`#\n \t~<=\\/0aé'.split(''),
      '\n  ',
      ': ',
      '- ',
      '<<: ',
      '*a',
      '&a ',
      '---\n',
      '!!binary ',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 80, size: 'max' }), (parts) => expectWellFormed(parts.join(''))),
      runs,
    );
  });

  it('random values under the manifest’s own keys do, too', () => {
    const key = fc.constantFrom(
      'version',
      'target',
      'data',
      'candidates',
      'justification',
      'claims',
      'factors',
      'test',
      'weights',
      'intuition',
      'raters',
      'ratings',
      'evidence',
      'encoders',
      'policy',
      'waivers',
      '__proto__',
      'constructor',
      'id',
    );
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('none', 'untestable', 'csv', '2026-02-30'),
      ),
      tree: fc.oneof(
        { maxDepth: 4 },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.array(fc.tuple(key, tie('tree')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree), (value) => expectWellFormed(JSON.stringify(value))),
      runs,
    );
  });

  it('a valid manifest with any bytes changed does, too', () => {
    const source = Buffer.from(sample());
    const edits = fc.array(fc.tuple(fc.nat(source.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(edits, (changes) => {
        const bytes = Uint8Array.from(source);
        for (const [at, byte] of changes) bytes[at] = byte;
        expectWellFormed(bytes);
      }),
      runs,
    );
  });
});

describe('random valid manifests', () => {
  it('come back as they were written, defaults apart, from YAML as from JSON', () => {
    fc.assert(
      fc.property(manifests, (value) => {
        const expected = manifestSchema.parse(value);
        const written = stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
        for (const source of [written, JSON.stringify(value)]) {
          const { manifest, problems } = load(source);
          expect(problems).toEqual([]);
          expect(manifest).toEqual(expected);
        }
        // Written out once more they are the same again.
        expect(load(JSON.stringify(expected)).manifest).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('with one required key taken out tell exactly that', () => {
    fc.assert(
      fc.property(manifests, fc.constantFrom('version', 'target', 'candidates', 'chosen'), (value, key) => {
        const rest: Partial<Manifest> = { ...manifestSchema.parse(value) };
        delete rest[key as keyof Manifest];
        expect(load(JSON.stringify(rest)).problems).toMatchObject([{ code: 'missing-key', path: key }]);
      }),
      { numRuns: 40 },
    );
  });

  it('with an unknown key anywhere tell its path and line', () => {
    fc.assert(
      fc.property(
        manifests,
        fc.constantFrom('', 'target', 'candidates.0', 'evidence', 'justification'),
        (value, where) => {
          const copy = structuredClone(value) as Record<string, unknown>;
          const holder =
            where === ''
              ? copy
              : where
                  .split('.')
                  .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], copy);
          if (typeof holder !== 'object' || holder === null) return;
          (holder as Record<string, unknown>).zzzzzz = 1;
          const source = stringify(copy, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
          const path = formatPath([
            ...where
              .split('.')
              .filter(Boolean)
              .map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
            'zzzzzz',
          ]);
          const line = source.split('\n').findIndex((text) => text.includes('zzzzzz')) + 1;
          expect(load(source).problems).toMatchObject([{ code: 'unknown-key', path, location: { line } }]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('paths', () => {
  it('lead to the path above, whatever the keys', () => {
    const segment = fc.oneof(fc.nat(99), fc.string({ unit: fc.constantFrom(...'ab.[]"\\ é'.split('')) }));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (segments) => {
        expect(parentPath(formatPath(segments))).toBe(formatPath(segments.slice(0, -1)));
      }),
    );
    expect(parentPath('')).toBeNull();
  });
});
