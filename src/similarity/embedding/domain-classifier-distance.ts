import type { Products } from '../../linear-algebra/products.ts';
import { seededRandom } from '../../random.ts';
import type { GroupedSet, SetDistance } from '../set-distance.ts';
import {
  aucOf,
  domainClassifierVersion,
  fewestForClassifier,
  outOfFoldScores,
  proxyADistance,
  standardisedProducts,
} from './domain-classifier.ts';
import { shareFloor } from './share-floor.ts';

/** More than this a side and a fit takes longer than what it adds is worth: the AUC is known to about ±0.02. */
const mostForClassifier = 500;

/**
 * The domain classifier's AUC for the comparison of sets. Each source is scored against the target once, every image by a
 * classifier that saw none of its group; intervals leave images out of those scores. For the null classifiers are trained
 * on half of the target against the other half.
 */
export function domainClassifierDistance(products: Products): SetDistance {
  return {
    version: domainClassifierVersion,
    nullRate: 'about_mean',
    fitted: true,
    halves: 20,
    most: mostForClassifier,
    standardErrorFloor: shareFloor,
    refusal: (source, target) =>
      Math.min(source, target) < fewestForClassifier
        ? `A domain classifier needs at least ${fewestForClassifier} images a side; ${source} of the source and ${target} of the target were given.`
        : null,
    prepare: async (sets, seed) => {
      const target = sets[0]!;
      const ofTarget = await standardisedProducts([target.features], products);
      const scored = new Map<number, { source: Float64Array; target: Float64Array; converged: boolean }>();
      for (const [index, source] of sets.entries()) {
        if (index === 0) continue;
        const gram = await standardisedProducts([source.features, target.features], products);
        const groups = { source: foldGroups(source.groups), target: foldGroups(target.groups) };
        const { scores, converged } = outOfFoldScores(gram, groups, {
          random: seededRandom(seed, 'domain-classifier'),
        });
        const n = source.features.rows;
        scored.set(index, { source: scores.subarray(0, n), target: scores.subarray(n), converged });
      }
      return {
        between: (a, rowsA, b, rowsB) => {
          if (a === 0 && b === 0) return aucOfHalves(target, ofTarget, rowsA, rowsB, seed);
          const scores = scored.get(a === 0 ? b : a)!;
          const [source, other] = a === 0 ? [rowsB, rowsA] : [rowsA, rowsB];
          return aucOf(pick(scores.source, source), pick(scores.target, other));
        },
        details: (source) => {
          const scores = scored.get(source)!;
          return {
            proxyADistance: proxyADistance(scores.source, scores.target),
            converged: Number(scores.converged),
          };
        },
      };
    },
  };
}

/** Cross-validated AUC of one part of the target against another. */
function aucOfHalves(
  { groups, features }: GroupedSet,
  gram: Float64Array,
  first: Int32Array,
  second: Int32Array,
  seed: number,
): number {
  const rows = [...first, ...second];
  const own = new Float64Array(rows.length ** 2);
  let at = 0;
  for (const row of rows) for (const column of rows) own[at++] = gram[row * features.rows + column]!;
  const named = (part: Int32Array) => foldGroups(Array.from(part, (row) => groups[row]!));
  const { scores } = outOfFoldScores(
    own,
    { source: named(first), target: named(second) },
    { random: seededRandom(seed, 'domain-classifier halves') },
  );
  return aucOf(scores.subarray(0, first.length), scores.subarray(first.length));
}

/** A part that is all of one group has none to test it by; its images then stand alone. */
function foldGroups(groups: readonly string[]): readonly string[] {
  return new Set(groups).size > 1 ? groups : groups.map((_, row) => String(row));
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}
