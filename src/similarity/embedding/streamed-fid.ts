import { sha256 } from '../../digest.ts';
import { TransferEvidenceError } from '../../errors.ts';
import type { Products } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { seededRandom } from '../../random.ts';
import { blockCount, blocksOf, fewestBlocks } from '../../statistics/jackknife.ts';
import { raisedJackknife, type SetDistanceResult, splitHalfOf } from '../measure-all.ts';
import { fidInfinity, fidOfMoments, fidRefusal } from './fid.ts';
import { frechetTerms } from './frechet.ts';
import { momentsOfParts, type Scatter, withRows } from './moments.ts';

/** Features that are read some rows at a time, as often as they are asked for. */
export interface StreamedSet {
  readonly rows: number;
  readonly columns: number;
  /** The group (patient, slide, or the image itself) of each row. */
  readonly groups: readonly string[];
  /** All rows in their order. */
  blocks(): AsyncIterable<Matrix> | Iterable<Matrix>;
}

/** Random halves of the target that the null is read from. */
const halves = 20;
/** Numbers that the sums of both sets may take, 1 GB. */
const mostKept = 2 ** 27;
/** Rows of one part that are multiplied at a time: enough for full speed. */
const heldRows = 512;
/** Beyond this, products of features leave the range of numbers. */
const largest = 1e20;

/**
 * FID with its interval, its null and FID∞ for sets that do not fit in memory. Each is read once, dealt by group into the
 * blocks of the jackknife, and of every block only sums over its rows stay: 20 squares of d × d for each set (fewer beyond
 * 1,831 features), whatever the number of rows. The set without a block, its halves and its smaller samples are unions of
 * blocks. Other than where all rows are at hand (see {@link import('../compare.ts').compareSets}), halves and samples are
 * therefore made of twentieths.
 * @throws shape-mismatch when the sets differ in columns, measure-refused below 2d images a side or 5 groups, and for
 *   features that are not finite numbers within ±1e20
 */
export async function streamedFid(
  source: StreamedSet,
  target: StreamedSet,
  seed: number,
  products: Products,
): Promise<SetDistanceResult> {
  if (source.columns !== target.columns)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Two sets in one embedding need equal columns; ${source.columns} and ${target.columns} were given.`,
    );
  const refused = fidRefusal(source.rows, target.rows, target.columns);
  if (refused !== null) throw new TransferEvidenceError('measure-refused', refused);
  const blocks = blockCount([source, target].map(({ rows, groups }) => ({ rows, groups: new Set(groups).size })));
  const parts = Math.min(blocks, Math.max(fewestBlocks, Math.floor(mostKept / (2 * source.columns ** 2))));
  const ofSource = await sumsOfParts('source', source, parts, seed, products);
  const ofTarget = await sumsOfParts('target', target, parts, seed, products);

  const between = async (a: readonly Scatter[], b: readonly Scatter[]) =>
    fidOfMoments(await momentsOfParts(a, products), await momentsOfParts(b, products), products);
  const { mean, trace } = await frechetTerms(
    await momentsOfParts(ofSource, products),
    await momentsOfParts(ofTarget, products),
    products,
  );
  const value = mean + trace;
  const leftOut = new Float64Array(parts);
  for (let left = 0; left < parts; left++) {
    const others = (sums: readonly Scatter[]) => sums.filter((_, part) => part !== left);
    leftOut[left] = await between(others(ofSource), others(ofTarget));
  }
  return {
    estimate: raisedJackknife(value, leftOut, { least: 0, biased: true }),
    splitHalf: splitHalfOf(await apartOfHalves(source.rows, target.rows, ofTarget, seed, between)),
    details: {
      meanTerm: mean,
      traceTerm: trace,
      fidInfinity: fidInfinity([...(await smallerSamples(ofSource, ofTarget, seed, between)), { size: parts, value }]),
      sourceImages: source.rows,
      targetImages: target.rows,
    },
  };
}

type Between = (a: readonly Scatter[], b: readonly Scatter[]) => Promise<number>;

/** What two halves of the target are apart, brought from their sizes to the comparison's. */
async function apartOfHalves(
  n: number,
  m: number,
  ofTarget: readonly Scatter[],
  seed: number,
  between: Between,
): Promise<Float64Array> {
  const random = seededRandom(seed, 'split-half');
  const apart = new Float64Array(halves);
  for (let half = 0; half < halves; half++) {
    const dealt = random.shuffled(ofTarget);
    const sides = [dealt.slice(0, dealt.length >> 1), dealt.slice(dealt.length >> 1)] as const;
    const size = sides.reduce((sum, side) => sum + 1 / side.reduce((count, part) => count + part.count, 0), 0);
    apart[half] = (await between(...sides)) * ((1 / n + 1 / m) / size);
  }
  return apart;
}

/** FID of as large a share of both sets, from half of the parts on, evenly spaced in 1 ÷ share as far as parts go. */
async function smallerSamples(
  ofSource: readonly Scatter[],
  ofTarget: readonly Scatter[],
  seed: number,
  between: Between,
): Promise<{ size: number; value: number }[]> {
  const parts = ofTarget.length;
  const sizes = new Set([2, 1.75, 1.5, 1.25].map((times) => Math.round(parts / times)));
  const points: { size: number; value: number }[] = [];
  for (const size of sizes) {
    const random = seededRandom(seed, 'fid-infinity', size);
    const draw = (sums: readonly Scatter[]) => random.shuffled(sums).slice(0, size);
    points.push({ size, value: await between(draw(ofSource), draw(ofTarget)) });
  }
  return points;
}

/** The sums over the rows of each part, in one pass. */
async function sumsOfParts(
  name: string,
  set: StreamedSet,
  parts: number,
  seed: number,
  products: Products,
): Promise<Scatter[]> {
  const { columns } = set;
  const sums: (Scatter | undefined)[] = Array.from({ length: parts });
  const held = sums.map(() => ({ data: new Float64Array(heldRows * columns), rows: 0 }));
  const join = async (part: number) => {
    const { data, rows } = held[part]!;
    sums[part] = await withRows(sums[part], matrix(data.subarray(0, rows * columns), rows, columns), products);
    held[part]!.rows = 0;
  };
  let partOf: Int32Array | undefined;
  let row = 0;
  for await (const { data, rows } of set.blocks()) {
    // By content, so that one set under two names is dealt alike, and two sets are not.
    partOf ??= blocksOf(set.groups, parts, seededRandom(seed, 'blocks', contentOf(data), parts));
    requireWithin(name, data);
    for (let at = 0; at < rows; at++, row++) {
      const own = held[partOf[row]!]!;
      own.data.set(data.subarray(at * columns, (at + 1) * columns), own.rows * columns);
      if (++own.rows === heldRows) await join(partOf[row]!);
    }
  }
  for (let part = 0; part < parts; part++) await join(part);
  return sums as Scatter[];
}

function contentOf(data: Matrix['data']): string {
  return sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function requireWithin(name: string, data: Matrix['data']): void {
  if (data.every((value) => Math.abs(value) <= largest)) return;
  throw new TransferEvidenceError(
    'measure-refused',
    `A description in the ${name} is not a finite number within ±${largest}; look for images or a network that give such.`,
  );
}
