import { allRows } from '../rows.ts';
import type { SetDistance } from '../set-distance.ts';
import { cmmdFactor, cmmdVersion, wideKernel } from './cmmd.ts';
import { kernelRules, prepareKernel } from './distance.ts';
import { createGrams, type Grams } from './grams.ts';
import { columnSums, offDiagonalSum } from './kernel.ts';
import { unitRows } from './unit-rows.ts';

/**
 * CMMD for the comparison of sets, without the official code's bias, which stands beside it as a detail. In an encoder that
 * is not CLIP's it is a distance of centroids, ten times the squared distance of the mean directions, and is called so.
 */
export function cmmdDistance(grams: Grams): SetDistance {
  return {
    ...kernelRules(cmmdVersion),
    prepare: async (given) => {
      const sets = given.map((set) => ({ ...set, features: unitRows(set.features) }));
      // Products of rows of length 1 serve nobody else.
      const own = createGrams(grams.products);
      const { between, blocks } = await prepareKernel(sets, own, (a, b) => wideKernel(own, a, b));
      const rows = sets.map(({ features }) => allRows(features.rows));
      return {
        between: async (...sides) => cmmdFactor * (await between(...sides)),
        details: (source) => {
          const { xx, yy, xy } = blocks(source);
          const [n, m] = [rows[source]!.length, rows[0]!.length];
          // The kernel less 1 is 0 between a row and itself.
          const within = offDiagonalSum(xx, n, rows[source]!) / n ** 2 + offDiagonalSum(yy, m, rows[0]!) / m ** 2;
          const across = columnSums(xy, m, rows[source]!).reduce((sum, value) => sum + value, 0) / (n * m);
          return { biased: cmmdFactor * (within - 2 * across) };
        },
      };
    },
  };
}
