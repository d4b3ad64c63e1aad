import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.ts';
import { halve, rowsByGroup, subsample } from '../../src/similarity/subsample.ts';

const groups = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 2, maxLength: 40 });

describe('subsample', () => {
  it('draws exactly the size asked for, in order, and cuts one group at most', () => {
    fc.assert(
      fc.property(groups, fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (names, share, seed) => {
        const size = Math.max(1, Math.floor(names.length * share));
        const rows = subsample(names, size, seededRandom(seed));
        expect(rows).toHaveLength(size);
        expect([...rows]).toEqual([...new Set(rows)].sort((a, b) => a - b));
        const cut = rowsByGroup(names).filter((group) => {
          const kept = group.filter((row) => rows.includes(row)).length;
          return kept > 0 && kept < group.length;
        });
        expect(cut.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('halve', () => {
  it('puts every row on one side, every group on one side, and no side more than one group ahead', () => {
    fc.assert(
      fc.property(groups, fc.integer(), (names, seed) => {
        const [first, second] = halve(names, seededRandom(seed));
        expect([...first, ...second].sort((a, b) => a - b)).toEqual(names.map((_, row) => row));
        const left = new Set(Array.from(first, (row) => names[row]));
        expect(Array.from(second, (row) => names[row]).some((name) => left.has(name))).toBe(false);
        const largest = Math.max(...rowsByGroup(names).map((rows) => rows.length));
        expect(Math.abs(first.length - second.length)).toBeLessThanOrEqual(largest);
      }),
    );
  });
});
