import { TransferEvidenceError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import type { MeasureName } from '../measures.ts';
import { seededRandom } from '../random.ts';
import { fewestBlocks } from '../statistics/jackknife.ts';
import { cmmdDistance } from './embedding/cmmd-distance.ts';
import { fidDistance, kidDistance, mmdDistance } from './embedding/distance.ts';
import { domainClassifierDistance } from './embedding/domain-classifier-distance.ts';
import { createGrams, type Grams } from './embedding/grams.ts';
import { mindDistance } from './embedding/mind-distance.ts';
import { prdcDistance } from './embedding/prdc-distance.ts';
import { measureAll, type SetDifferenceResult, type SetDistanceResult } from './measure-all.ts';
import { allRows } from './rows.ts';
import { type GroupedSet, groupCount, type SetDistance } from './set-distance.ts';
import { subsample } from './subsample.ts';
import { visualDistance } from './visual/distance.ts';

/** Described images of one target and its candidate sources, one row an image, in one measure's space. */
export interface SetComparison {
  measure: MeasureName;
  target: Matrix;
  /** By candidate id. */
  sources: ReadonlyMap<string, Matrix>;
  /** Group of each target row; without it every image is its own. */
  targetGroups?: readonly string[];
  sourceGroups?: ReadonlyMap<string, readonly string[]>;
  /**
   * Sets that are measured beside the sources without a say in how: neither in what is fitted to all sets, as a bandwidth is, nor
   * in how many images take part. A set that is smaller than the sources takes part whole. Every image is its own group.
   */
  beside?: ReadonlyMap<string, Matrix>;
  seed: number;
  /**
   * Dot products shared between measures of the same feature matrices, and what multiplies matrices. Default: loops, which
   * take minutes where a runtime takes seconds.
   */
  grams?: Grams;
}

export type { SetDifferenceResult, SetDistanceResult } from './measure-all.ts';

export interface SetComparisonResult {
  distances: Map<string, SetDistanceResult>;
  /** Every unordered pair once, in the order of the sources, by {@link pairKey}. */
  differences: Map<string, SetDifferenceResult>;
  version: string;
}

/** Changes whenever sampling, intervals or nulls of all measures change. */
const comparisonVersion = '3';

export function pairKey(subject: string, object: string): string {
  return `${subject}\u0000${object}`;
}

/**
 * Every source's distance to the target and every paired difference of two, each with its interval and null.
 *
 * All sources take part with equally many images, drawn at random down to the smallest that the measure accepts, by
 * whole groups where it can be; the target takes part with all of its own, up to as many as the measure takes (`most`).
 * Intervals are block jackknives (20 blocks,
 * 10 below 200 images, dealt at random by group); for a difference the same target images drop out of both distances.
 * They are for other images drawn as these were, from the target and from the sources, whatever mix of classes that gives.
 *
 * The null is read from random halves T₁, T₂ of the target, by group. `splitHalf` is d(T₁, T₂). `nullHalfWidth` is
 * 1.96 times the root mean square of d(S, T₁) − d(S, T₂), the larger of the two sources': how far apart two samples of
 * one distribution lie from the same third set. Both are brought from the halves' sizes to the comparison's at the rate
 * at which the measure's sampling error falls, because halves alone would be up to twice too far apart.
 *
 * @throws shape-mismatch when sets differ in columns or groups in number, measure-refused when the measure is no distance
 */
export async function compareSets(request: SetComparison): Promise<SetComparisonResult> {
  const { measure, seed } = request;
  const grams = request.grams ?? createGrams();
  const rules = rulesOf(measure, grams);
  const whole = grouped('the target', request.target, request.targetGroups);
  const offered = new Map(
    [...request.sources].map(([id, features]) => [id, grouped(id, features, request.sourceGroups?.get(id))]),
  );
  const besides = new Map([...(request.beside ?? [])].map(([id, features]) => [id, grouped(id, features)]));
  for (const [id, { features }] of [...offered, ...besides]) requireEqualColumns(id, features, whole.features);
  const most = rules.most ?? Number.POSITIVE_INFINITY;
  const target = draw(whole, Math.min(most, whole.features.rows), seed, grams);

  const refusals = new Map<string, string>();
  const accept = (sets: ReadonlyMap<string, GroupedSet>) =>
    new Map(
      [...sets].filter(([id, set]) => {
        const reason = refusalOf(rules, set, target);
        if (reason !== null) refusals.set(id, reason);
        return reason === null;
      }),
    );
  const accepted = accept(offered);
  const size = Math.min(most, ...[...accepted.values()].map((set) => set.features.rows));
  const drawn = accept(new Map([...accepted].map(([id, set]) => [id, draw(set, size, seed, grams)])));
  const onlookers = new Map(
    [...accept(besides)].map(([id, set]) => [id, draw(set, Math.min(size, set.features.rows), seed, grams)]),
  );

  const found = await measureAll(rules, target, drawn, seed, onlookers);
  const distances = new Map<string, SetDistanceResult>();
  const differences = new Map<string, SetDifferenceResult>();
  const ids = [...offered.keys(), ...besides.keys()];
  for (const [i, id] of ids.entries()) {
    const refused = refusals.get(id) ?? 'Nothing is measured beside the sources where none of them can be measured.';
    distances.set(id, (await found.distance(id)) ?? { estimate: null, refused, details: {} });
    for (const other of ids.slice(i + 1)) {
      differences.set(
        pairKey(id, other),
        (await found.difference(id, other)) ?? { estimate: null, refused: reasonOf([id, other], refusals) },
      );
    }
  }
  return { distances, differences, version: versionOf(rules) };
}

/** Each reason once, with the sources that it holds for. */
function reasonOf(pair: readonly string[], refusals: ReadonlyMap<string, string>): string {
  const refused = pair.filter((id) => refusals.has(id));
  const reasons = new Set(refused.map((id) => refusals.get(id)!));
  return [...reasons]
    .map((reason) => `${refused.filter((id) => refusals.get(id) === reason).join(', ')}: ${reason}`)
    .join(' ');
}

/** The version of a distance, which belongs in the key of everything that is stored of it. */
export function distanceVersion(measure: MeasureName): string {
  return versionOf(rulesOf(measure, createGrams()));
}

function versionOf(rules: SetDistance): string {
  return `${comparisonVersion}.${rules.version}`;
}

function rulesOf(measure: MeasureName, grams: Grams): SetDistance {
  switch (measure) {
    case 'embedding.mmd':
      return mmdDistance(grams);
    case 'embedding.kid':
      return kidDistance(grams);
    case 'embedding.fid':
      return fidDistance(grams.products);
    case 'embedding.mind':
      return mindDistance(grams.products);
    case 'embedding.cmmd':
      return cmmdDistance(grams);
    case 'embedding.domain_classifier':
      return domainClassifierDistance(grams.products);
    case 'embedding.precision':
      return prdcDistance(grams, 'precision');
    case 'embedding.recall':
      return prdcDistance(grams, 'recall');
    case 'embedding.density':
      return prdcDistance(grams, 'density');
    case 'embedding.coverage':
      return prdcDistance(grams, 'coverage');
    default:
      return visualDistance(measure);
  }
}

/**
 * The rows of a set that a distance draws where there are more than it takes, for who would rather read those alone: the
 * comparison of two such parts is that of the sets that they were drawn from.
 * @returns their numbers, ascending
 */
export function takenRows(measure: MeasureName, groups: readonly string[], seed: number): Int32Array {
  const size = Math.min(rulesOf(measure, createGrams()).most ?? Number.POSITIVE_INFINITY, groups.length);
  return size === groups.length ? allRows(size) : drawnRows(groups, size, seed);
}

/** Groups of a set in which every image is its own, named so that the order of the names is the order of the rows. */
export function ownGroups(rows: number): string[] {
  const width = String(rows).length;
  return Array.from({ length: rows }, (_, row) => String(row).padStart(width, '0'));
}

function grouped(name: string, features: Matrix, groups?: readonly string[]): GroupedSet {
  if (groups && groups.length !== features.rows)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `${features.rows} images of ${name} need as many groups; ${groups.length} were given.`,
    );
  return { features, groups: groups ?? ownGroups(features.rows) };
}

function requireEqualColumns(id: string, source: Matrix, target: Matrix): void {
  if (source.columns !== target.columns)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `${id} and the target must be described by the same numbers; ${source.columns} and ${target.columns} columns were given.`,
    );
}

/** Beyond this, the square of a cube of products of features, which a standard error takes, leaves the range of numbers. */
const largest = 1e20;

function refusalOf(rules: SetDistance, source: GroupedSet, target: GroupedSet): string | null {
  const tooFew = rules.refusal(source.features.rows, target.features.rows, target.features.columns);
  if (tooFew !== null) return tooFew;
  for (const [name, { features }] of [['source', source] as const, ['target', target] as const])
    if (!features.data.every((value) => Math.abs(value) <= largest))
      return `A description in the ${name} is not a finite number within ±${largest}; look for images or a network that give such.`;
  for (const { features } of [source, target]) {
    const silent = rules.refusalOf?.(features) ?? null;
    if (silent !== null) return silent;
  }
  const groups = Math.min(groupCount(source), groupCount(target));
  return groups < fewestBlocks
    ? `An interval needs at least ${fewestBlocks} independent groups of images a side; ${groups} found. Images of more patients, slides or sites would do.`
    : null;
}

function draw(set: GroupedSet, size: number, seed: number, grams: Grams): GroupedSet {
  if (set.features.rows === size) return set;
  const rows = drawnRows(set.groups, size, seed);
  return { features: grams.select(set.features, rows), groups: Array.from(rows, (row) => set.groups[row]!) };
}

/** The draw depends on the rows and groups alone, so that one set under two names stays one set. */
function drawnRows(groups: readonly string[], size: number, seed: number): Int32Array {
  return subsample(groups, size, seededRandom(seed, 'equal-size', groups.length, size));
}
