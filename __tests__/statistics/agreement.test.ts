import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendallTauB, kendallW, midranks } from '../../src/statistics/agreement.ts';
import { expectGolden, readGolden } from '../helpers/golden.ts';

interface Inputs {
  cases: Record<string, { score: number[]; truth: number[] }>;
  kendall_w_no_ties: number[][];
  kendall_w_ties: number[][];
}
interface Expected {
  cases: Record<string, { tau_b: number }>;
  kendall_w_no_ties: number;
  kendall_w_ties: number;
}

const golden = readGolden<Inputs, Expected>('ranking');
const order = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 8 });

describe('kendallW', () => {
  it.each(['kendall_w_no_ties', 'kendall_w_ties'] as const)('agrees with the reference on %s', (name) => {
    expectGolden(kendallW(golden.inputs[name])!, golden.expected[name], golden);
  });

  it('is 1 for one order, 0 for two that are each other’s reverse, and nothing without any order', () => {
    expect(
      kendallW([
        [1, 2, 3],
        [10, 20, 30],
        [0, 5, 6],
      ]),
    ).toBe(1);
    expect(
      kendallW([
        [1, 2, 3],
        [3, 2, 1],
      ]),
    ).toBe(0);
    expect(
      kendallW([
        [2, 2, 2],
        [5, 5, 5],
      ]),
    ).toBeNull();
  });

  it('does not depend on who comes first', () => {
    fc.assert(
      fc.property(order, fc.nat(), (row, by) => {
        const other = row.map((_, index) => (index * 7 + by) % 11);
        expect(kendallW([row, other])).toBe(kendallW([other, row]));
      }),
    );
  });

  it.each([[[]], [[[1, 2]]], [[[1, 2], [1]]], [[[1], [2]]]])('refuses %j', (rows) => {
    expect(() => kendallW(rows as number[][])).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('kendallTauB', () => {
  it.each(Object.keys(golden.inputs.cases))('agrees with the reference on %s', (name) => {
    const { score, truth } = golden.inputs.cases[name]!;
    expectGolden(kendallTauB(score, truth)!, golden.expected.cases[name]!.tau_b, golden);
  });

  it('changes its sign with the direction and is nothing where one side has no order', () => {
    fc.assert(
      fc.property(order, (row) => {
        const other = row.map((_, index) => index);
        const tau = kendallTauB(row, other);
        const reversed = kendallTauB(
          row.map((value) => -value),
          other,
        );
        expect(tau === null ? null : -tau).toEqual(reversed === 0 ? -0 : reversed);
      }),
    );
    expect(kendallTauB([1, 1, 1], [1, 2, 3])).toBeNull();
  });

  it('refuses lists of different length', () => {
    expect(() => kendallTauB([1, 2], [1])).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('midranks', () => {
  it('shares the mean rank among equals', () => {
    expect(midranks([30, 10, 10, 20])).toEqual([4, 1.5, 1.5, 3]);
  });
});
