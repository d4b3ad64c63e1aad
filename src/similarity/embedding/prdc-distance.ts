import { seededRandom } from '../../random.ts';
import type { GroupedSet, SetDistance } from '../set-distance.ts';
import { subsample } from '../subsample.ts';
import type { Prdc } from './ball-counts.ts';
import type { Grams } from './grams.ts';
import { type Neighbourhoods, neighbourhoodsOf } from './neighbourhoods.ts';
import { neighbours, prdcVersion } from './prdc.ts';
import { shareFloor } from './share-floor.ts';

/** Fewer images than this a side leave a fifth nearest neighbour far away. */
const fewestForNeighbours = 20;
/** More than this a side would make matrices of products that do not fit beside each other in a runner's memory. */
const mostForNeighbours = 2500;

/**
 * Precision, recall, density or coverage for the comparison of sets. Groups are respected: an image's neighbours are of
 * other patients.
 */
export function prdcDistance(grams: Grams, which: keyof Prdc): SetDistance {
  return {
    version: prdcVersion,
    nullRate: 'about_mean',
    halves: 50,
    most: mostForNeighbours,
    refusal: (source, target) =>
      Math.min(source, target) < fewestForNeighbours
        ? `Neighbourhoods of ${neighbours} images need at least ${fewestForNeighbours} images a side, and about 500 to rank; ${source} of the source and ${target} of the target were given.`
        : null,
    // A density is no share, and varies wherever images do.
    ...(which === 'density' ? {} : { standardErrorFloor: shareFloor }),
    prepare: async (sets, seed) => {
      const counts = await countsOf(sets, grams);
      const whole = sets.map(({ features }) => features.rows);
      const ratio = (whole[1] ?? whole[0]!) / whole[0]!;
      return {
        between: (a, rowsA, b, rowsB) => {
          // Which images lie near another set depends on how many there are of each. Two halves of the target, and a source
          // and half of the target, are therefore brought to the proportion of source and target.
          const isNull = (a === 0 && b === 0) || (rowsA.length === whole[a] && rowsB.length < whole[b]!);
          const [first, second] = isNull
            ? inProportion([sets[a]!, rowsA], [sets[b]!, rowsB], ratio, seed)
            : [rowsA, rowsB];
          return counts(a, first, b, second)[which];
        },
        details: () => ({ neighbours }),
      };
    },
  };
}

interface Counted {
  sets: readonly GroupedSet[];
  counts: Neighbourhoods;
}

/** What was counted with the dot products that measures share. */
const counted = new WeakMap<Grams, Counted[]>();

/** Counts that the four measures share: they ask for the same rows of the same sets. */
async function countsOf(sets: readonly GroupedSet[], grams: Grams): Promise<Neighbourhoods> {
  const known = counted.get(grams) ?? [];
  counted.set(grams, known);
  const found = known.find((one) => areSame(one.sets, sets));
  if (found) return found.counts;
  const counts = await neighbourhoodsOf(sets, grams, { k: neighbours, inclusive: false });
  const rows = sets.map(() => new Map<string, Int32Array>());
  /** One array for all that hold the same rows, so that what is kept of it is found again. */
  const one = (set: number, given: Int32Array): Int32Array => {
    const key = given.join();
    const own = rows[set]!.get(key) ?? given;
    rows[set]!.set(key, own);
    return own;
  };
  const kept = new Map<Int32Array, Map<Int32Array, Prdc>>();
  const shared: Neighbourhoods = (a, rowsA, b, rowsB) => {
    const [first, second] = [one(a, rowsA), one(b, rowsB)];
    const ofFirst = kept.get(first) ?? new Map<Int32Array, Prdc>();
    kept.set(first, ofFirst);
    const value = ofFirst.get(second) ?? counts(a, first, b, second);
    ofFirst.set(second, value);
    return value;
  };
  known.push({ sets, counts: shared });
  return shared;
}

function areSame(a: readonly GroupedSet[], b: readonly GroupedSet[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ features, groups }, set) =>
        features === b[set]!.features && groups.every((group, row) => group === b[set]!.groups[row]),
    )
  );
}

type Part = readonly [set: GroupedSet, rows: Int32Array];

/** Rows of both parts, one of them drawn down until the first are `ratio` times as many as the second. */
function inProportion(
  [source, first]: Part,
  [target, second]: Part,
  ratio: number,
  seed: number,
): [Int32Array, Int32Array] {
  const draw = ({ groups }: GroupedSet, rows: Int32Array, size: number): Int32Array => {
    const kept = Math.min(rows.length, Math.max(neighbours + 1, Math.round(size)));
    if (kept === rows.length) return rows;
    // The same of a source's images, whichever half of the target they meet.
    const random = seededRandom(seed, 'in-proportion');
    const own = Array.from(rows, (row) => groups[row]!);
    return subsample(own, kept, random).map((at) => rows[at]!);
  };
  return first.length > second.length * ratio
    ? [draw(source, first, second.length * ratio), second]
    : [first, draw(target, second, first.length / ratio)];
}
