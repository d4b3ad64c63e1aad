import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/evidence/schema.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { encoderOrderSection } from '../../src/report/sections/encoder-order.ts';
import { encoderOrder } from '../../src/verdict/encoder-order.ts';
import { evidenceOf } from '../helpers/evidence.ts';

type Distances = Record<string, number>;

/** Evidence in which each encoder has its own distances, told apart from 0.01 on. */
function evidenceIn(encoders: Record<string, Distances>): Evidence {
  const own = Object.entries(encoders).map(([id, distances]) => {
    const candidates = Object.entries(distances).map(([name, mmd]) => ({
      id: name,
      mmd: [mmd, 0.005] as [number, number],
    }));
    const evidence = evidenceOf({ target: 'lung', candidates });
    const renamed = <T extends { encoder?: string | undefined }>(one: T): T =>
      one.encoder === undefined ? one : { ...one, encoder: id };
    return {
      ...evidence,
      encoders: evidence.encoders.map((one) => ({ ...one, id })),
      measurements: evidence.measurements.map(renamed),
      comparisons: evidence.comparisons.map(renamed),
    };
  });
  return {
    ...own[0]!,
    encoders: own.flatMap(({ encoders: one }) => one),
    measurements: own.flatMap(({ measurements }) => measurements),
    comparisons: own.flatMap(({ comparisons }) => comparisons),
  };
}

const order = (encoders: Record<string, Distances>) => encoderOrder(evidenceIn(encoders), 'embedding.mmd');

describe('whether the order depends on the encoder', () => {
  it('is not asked of one encoder or one source', () => {
    expect(order({ scattering: { a: 0.1, b: 0.2 } })).toBeNull();
    expect(order({ scattering: { a: 0.1 }, dino: { a: 0.1 } })).toBeNull();
  });

  it('is open where no pair is told apart twice', () => {
    expect(order({ scattering: { a: 0.1, b: 0.2 }, dino: { a: 0.1, b: 0.101 } })).toEqual({
      encoders: ['scattering', 'dino'],
      pairs: 1,
      decided: 0,
      reversed: [],
    });
  });

  it('is denied where two encoders agree on every pair that both tell apart', () => {
    const found = order({ scattering: { a: 0.1, b: 0.2, c: 0.201 }, dino: { a: 0.3, b: 0.5, c: 0.4 } });
    expect(found).toMatchObject({ pairs: 3, decided: 2, reversed: [] });
  });

  it('is affirmed with the pair and the encoders where they disagree, whichever stands first', () => {
    const found = order({ scattering: { b: 0.1, a: 0.2 }, dino: { a: 0.3, b: 0.5 } });
    expect(found).toMatchObject({
      decided: 1,
      reversed: [{ closer: 'a', farther: 'b', in: 'dino', but: 'scattering' }],
    });
  });
});

describe('the report’s answer', () => {
  const answer = (encoders: Record<string, Distances>) =>
    JSON.stringify(encoderOrderSection({ evidence: evidenceIn(encoders) } as ReportInput));

  it('says nothing where the question does not arise', () => {
    expect(encoderOrderSection({ evidence: null } as ReportInput)).toEqual([]);
    expect(answer({ scattering: { a: 0.1, b: 0.2 } })).toBe('[]');
  });

  it('is open, no, or yes with names', () => {
    expect(answer({ scattering: { a: 0.1, b: 0.2 }, dino: { a: 0.1, b: 0.101 } })).toMatch(
      /Open: of 1 pair of sources/,
    );
    expect(answer({ scattering: { a: 0.1, b: 0.2 }, dino: { a: 0.3, b: 0.5 } })).toMatch(
      /No, as far as it can be told: 1/,
    );
    expect(answer({ scattering: { b: 0.1, a: 0.2 }, dino: { a: 0.3, b: 0.5 } })).toMatch(
      /Yes: of 1 pairs? .*"a".*is closer than .*"b".* in dino and farther in scattering/,
    );
  });
});
