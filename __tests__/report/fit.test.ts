import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitParts } from '../../src/report/fit.ts';

const part = (name: string, length: number, weight: number) => ({ name, text: name[0]!.repeat(length), weight });

describe('fitParts', () => {
  it('leaves everything in where it fits', () => {
    expect(fitParts([part('a', 3, Infinity), part('b', 2, 1)], 100, 'Elsewhere.')).toBe('aaa\n\nbb');
  });

  it('leaves out the least important first, in whole parts, and says which and where they are', () => {
    const text = fitParts(
      [part('a', 50, Infinity), part('big', 100, 5), part('least', 100, 1), part('more', 60, 9)],
      230,
      'Elsewhere.',
    );
    expect(text).toContain('m'.repeat(60));
    expect(text).not.toContain('lll');
    expect(text).not.toContain('bbb');
    expect(text).toContain('Left out for length: big, least. Elsewhere.');
  });

  it('counts the note that says what was left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ length: fc.integer({ min: 0, max: 400 }), weight: fc.integer({ min: 0, max: 9 }) }), {
          maxLength: 12,
        }),
        fc.integer({ min: 300, max: 1200 }),
        (sizes, limit) => {
          const parts = [
            part('must', 40, Infinity),
            ...sizes.map(({ length, weight }, index) => part(`p${index}`, length, weight)),
          ];
          const text = fitParts(parts, limit, 'Elsewhere.');
          expect(text.length).toBeLessThanOrEqual(limit);
          expect(text.startsWith('m'.repeat(40))).toBe(true);
        },
      ),
    );
  });

  it('cuts what must stay, at a line, only when nothing else is left to drop', () => {
    const long = { name: 'must', text: `first\n${'x'.repeat(500)}`, weight: Infinity };
    expect(fitParts([long, part('p', 10, 1)], 200, 'Elsewhere.')).toBe('first\n\n<sub>Cut for length.</sub>');
  });
});
