import { describe, expect, it } from 'vitest';
import { plainProducts } from '../../../src/linear-algebra/products.ts';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import { seededRandom } from '../../../src/random.ts';
import { createGrams } from '../../../src/similarity/embedding/grams.ts';
import { neighbourhoodsOf, prdcOfAll } from '../../../src/similarity/embedding/neighbourhoods.ts';
import { allRows } from '../../../src/similarity/rows.ts';
import { normalRows } from '../../helpers/sets.ts';

const alone = (features: Matrix) => ({
  features,
  groups: Array.from({ length: features.rows }, (_, row) => String(row)),
});

/** Whole numbers, of which many rows repeat and many pairs lie on an edge. */
function steps(rows: number, columns: number, seed: number): Matrix<Float64Array> {
  const random = seededRandom(seed, 'steps');
  return matrix(
    Float64Array.from({ length: rows * columns }, () => random.integer(3)),
    rows,
    columns,
  );
}

/** Straight from the definitions, distances by differences. */
function byDefinition(source: Matrix, target: Matrix, k: number, inclusive: boolean) {
  const apart = (a: Matrix, i: number, b: Matrix, j: number) => {
    let sum = 0;
    for (let c = 0; c < a.columns; c++) sum += (a.data[i * a.columns + c]! - b.data[j * a.columns + c]!) ** 2;
    return sum;
  };
  const radius = (set: Matrix, i: number) =>
    Array.from({ length: set.rows }, (_, j) => (i === j ? Infinity : apart(set, i, set, j))).sort((a, b) => a - b)[
      k - 1
    ]!;
  const lies = (distance: number, edge: number) => (inclusive ? distance <= edge : distance < edge);
  const x = Array.from({ length: source.rows }, (_, i) => i);
  const y = Array.from({ length: target.rows }, (_, j) => j);
  const ofTarget = y.map((j) => radius(target, j));
  const ofSource = x.map((i) => radius(source, i));
  const inTarget = (i: number, j: number) => lies(apart(source, i, target, j), ofTarget[j]!);
  const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length;
  return {
    precision: share(x.map((i) => y.some((j) => inTarget(i, j)))),
    recall: share(y.map((j) => x.some((i) => lies(apart(source, i, target, j), ofSource[i]!)))),
    density: x.reduce((sum, i) => sum + y.filter((j) => inTarget(i, j)).length, 0) / (k * x.length),
    coverage: share(y.map((j) => x.some((i) => inTarget(i, j)))),
  };
}

describe.each([
  ['of normal rows', normalRows(150, 6, 1), normalRows(140, 6, 2, 0.3)],
  ['of rows that repeat', steps(140, 4, 1), steps(150, 4, 2)],
])('neighbourhoods %s', (_, source, target) => {
  it.each([true, false])('are by definition, in bands and from shared products: inclusive %s', async (inclusive) => {
    const rules = { k: 4, inclusive };
    const expected = byDefinition(source, target, 4, inclusive);
    expect(await prdcOfAll(source, target, rules, plainProducts)).toEqual(expected);
    const counts = await neighbourhoodsOf([alone(target), alone(source)], createGrams(), rules);
    expect(counts(1, allRows(source.rows), 0, allRows(target.rows))).toEqual(expected);
  });
});
