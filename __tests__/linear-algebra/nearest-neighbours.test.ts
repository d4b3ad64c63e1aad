import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cosineSpace,
  euclideanSpace,
  nearestAmong,
  nearestNeighbours,
  type Space,
} from '../../src/linear-algebra/nearest-neighbours.ts';
import { type Products, plainProducts } from '../../src/linear-algebra/products.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { normalRows } from '../helpers/sets.ts';

/** Products as another implementation might round them. */
const otherwiseRounded: Products = {
  ...plainProducts,
  rows: async (a, b) => {
    const { data, rows, columns } = await plainProducts.rows(a, b);
    return matrix(
      data.map((value, at) => value * (1 + ((at % 5) - 2) * Number.EPSILON)),
      rows,
      columns,
    );
  },
};

/** By sorting all others, each list ascending by index. */
function sorted(space: Space, groups: Int32Array, k: number, rows: number[]): number[][] {
  return rows.map((row) =>
    rows
      .filter((other) => groups[other] !== groups[row])
      .map((other) => ({ other, distance: space.distance(row, other) }))
      .sort((a, b) => a.distance - b.distance || a.other - b.other)
      .slice(0, k)
      .map(({ other }) => other)
      .sort((a, b) => a - b),
  );
}

function lists(nearest: Int32Array, k: number): number[][] {
  return Array.from({ length: nearest.length / k }, (_, i) =>
    Array.from(nearest.subarray(i * k, (i + 1) * k))
      .filter((other) => other >= 0)
      .sort((a, b) => a - b),
  );
}

const spaces: [string, (points: Matrix<Float64Array>) => Space][] = [
  ['Euclidean', euclideanSpace],
  ['cosine', cosineSpace],
];

/** Few whole numbers, so that many points lie at one distance or on one place. */
const sets = fc
  .record({ rows: fc.integer({ min: 2, max: 40 }), columns: fc.integer({ min: 1, max: 3 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      points: fc
        .array(fc.integer({ min: 0, max: 3 }), { minLength: rows * columns, maxLength: rows * columns })
        .map((values) => matrix(Float64Array.from(values), rows, columns)),
      groups: fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: rows, maxLength: rows })
        .map((values) => Int32Array.from(values)),
      kept: fc.array(fc.boolean(), { minLength: rows, maxLength: rows }),
      k: fc.integer({ min: 1, max: 7 }),
    }),
  );

describe.each(spaces)('the nearest by %s distance', (_, spaceOf) => {
  it('are those that sorting finds, ties by index, however products are rounded', async () => {
    await fc.assert(
      fc.asyncProperty(sets, async ({ points, groups, kept, k }) => {
        const space = spaceOf(points);
        const all = Array.from({ length: points.rows }, (_, row) => row);
        const some = all.filter((row) => kept[row]);
        for (const products of [plainProducts, otherwiseRounded]) {
          expect(lists(await nearestNeighbours(space, { k, groups }, products), k)).toEqual(
            sorted(space, groups, k, all),
          );
          const gram = await products.rows(space.points, space.points);
          expect(lists(nearestAmong(space, { k, groups }, Int32Array.from(some), gram), k)).toEqual(
            sorted(space, groups, k, some),
          );
        }
      }),
    );
  });

  it('are found over several bands', async () => {
    const space = spaceOf(normalRows(300, 9, 4));
    const groups = Int32Array.from({ length: 300 }, (_, row) => row % 70);
    const all = Array.from({ length: 300 }, (_, row) => row);
    expect(lists(await nearestNeighbours(space, { k: 5, groups }, plainProducts), 5)).toEqual(
      sorted(space, groups, 5, all),
    );
  });

  it('of points that are all alike are the first ones', async () => {
    const space = spaceOf(matrix(new Float64Array(60).fill(0.1), 30, 2));
    const found = await nearestNeighbours(
      space,
      { k: 3, groups: Int32Array.from({ length: 30 }, (_, row) => row) },
      otherwiseRounded,
    );
    expect(lists(found, 3).at(-1)).toEqual([0, 1, 2]);
  });
});

it('lie at a cosine distance of 1 from a point without direction', () => {
  const space = cosineSpace(matrix(Float64Array.of(0, 0, 3, 4, 4, -3), 3, 2));
  expect([space.distance(0, 1), space.distance(1, 2)]).toEqual([1, 1]);
});
