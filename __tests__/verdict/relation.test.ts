import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeInterval, oneSided } from '../../src/verdict/relation.ts';
import { estimateOf } from '../helpers/evidence.ts';

const probe = (relation: 'greater_than' | 'not_worse_than', margin: number, value: number, halfWidth: number) =>
  judgeInterval(oneSided({ measure: 'probe.linear', relation, margin }, estimateOf(value, halfWidth)));
const distance = (
  relation: 'closer_than' | 'not_worse_than' | 'greater_than',
  margin: number,
  value: number,
  halfWidth: number,
  nullHalfWidth = 0,
) =>
  judgeInterval(oneSided({ measure: 'embedding.mmd', relation, margin }, estimateOf(value, halfWidth)), nullHalfWidth);

describe('the algebra of claims', () => {
  it('reads greater_than 0 off the side of 0 that the interval lies on', () => {
    expect(probe('greater_than', 0, 0.03, 0.02)).toBe('supported');
    expect(probe('greater_than', 0, -0.03, 0.02)).toBe('contradicted');
    expect(probe('greater_than', 0, 0.03, 0.04)).toBe('inconclusive');
  });

  it('asks for the whole margin, and contradicts when even the high end falls short of it', () => {
    expect(probe('greater_than', 0.1, 0.15, 0.04)).toBe('supported');
    expect(probe('greater_than', 0.1, 0.13, 0.04)).toBe('inconclusive');
    expect(probe('greater_than', 0.1, 0.05, 0.04)).toBe('contradicted');
  });

  it('lets the low end touch a margin, but not 0: equals are never greater', () => {
    expect(probe('greater_than', 0.1, 0.1, 0)).toBe('supported');
    expect(probe('greater_than', 0, 0, 0)).toBe('inconclusive');
    expect(probe('not_worse_than', 0, 0, 0)).toBe('inconclusive');
    expect(distance('closer_than', 0, 0, 0)).toBe('inconclusive');
  });

  it('allows a loss up to the margin', () => {
    expect(probe('not_worse_than', 0.02, 0, 0.015)).toBe('supported');
    expect(probe('not_worse_than', 0.02, -0.04, 0.015)).toBe('contradicted');
    expect(probe('not_worse_than', 0.02, -0.02, 0.015)).toBe('inconclusive');
  });

  it('turns round for distances: lower is closer, and closer is not worse', () => {
    expect(distance('closer_than', 0, -0.05, 0.01)).toBe('supported');
    expect(distance('closer_than', 0, 0.05, 0.01)).toBe('contradicted');
    expect(distance('not_worse_than', 0.02, 0.05, 0.01)).toBe('contradicted');
    expect(distance('not_worse_than', 0.02, -0.05, 0.01)).toBe('supported');
    expect(distance('greater_than', 0, 0.05, 0.01)).toBe('supported');
  });

  it('does not believe a difference that two halves of the target show as well', () => {
    expect(distance('closer_than', 0, -0.05, 0.01, 0.06)).toBe('inconclusive');
    expect(distance('closer_than', 0, 0.05, 0.01, 0.06)).toBe('inconclusive');
    expect(distance('closer_than', 0, -0.05, 0.01, 0.04)).toBe('supported');
  });

  const value = fc.double({ min: -1, max: 1, noNaN: true });
  const halfWidth = fc.double({ min: 0, max: 1, noNaN: true });
  const margin = fc.double({ min: 0, max: 0.5, noNaN: true });

  it('only loses verdicts when an interval widens', () => {
    fc.assert(
      fc.property(value, halfWidth, halfWidth, margin, (v, h, more, m) => {
        const narrow = probe('greater_than', m, v, h);
        expect([narrow, 'inconclusive']).toContain(probe('greater_than', m, v, h + more));
      }),
    );
  });

  it('gives “A over B” and “B over A” opposite verdicts at a margin of 0', () => {
    const opposite = { supported: 'contradicted', contradicted: 'supported', inconclusive: 'inconclusive' };
    fc.assert(
      fc.property(value, halfWidth, (v, h) => {
        expect(probe('greater_than', 0, -v, h)).toBe(opposite[probe('greater_than', 0, v, h)]);
      }),
    );
  });
});
