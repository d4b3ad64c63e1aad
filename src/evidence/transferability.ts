import { setImmediate } from 'node:timers/promises';
import { meanColourId } from '../controls.ts';
import { digestOf } from '../digest.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { TransferEvidenceError } from '../errors.ts';
import { type Products, plainProducts } from '../linear-algebra/products.ts';
import type { Matrix } from '../matrix.ts';
import { type TransferabilityMeasure, transferabilityMeasures } from '../measures.ts';
import {
  accuracyOf,
  acrossDimensions,
  pairedP,
  readsSourceHead,
  type ScoreRequest,
  type ScoreResult,
  scoreCandidate,
  scoreDifference,
  scoreEstimate,
  scoreValue,
  shuffledP,
  shuffles,
  transferabilityVersion,
} from '../transferability/compare.ts';
import type { ReadSet } from './describe-sets.ts';
import { refusalFindings } from './findings.ts';
import type { Networks } from './networks.ts';
import type { Comparison, Finding, Measurement, Reference, Task } from './schema.ts';
import type { Store } from './store.ts';
import { meanColours } from './target-probes.ts';

export interface TransferabilityRequest {
  networks: Pick<Networks, 'own' | 'random'>;
  target: ReadSet;
  task: Task;
  seed: number;
}

export interface TransferabilityEvidence {
  measurements: Measurement[];
  comparisons: Comparison[];
  findings: Finding[];
  /** Measurements that the store had. */
  known: number;
}

/**
 * Every transferability score of every candidate whose own features of the target are there, and every paired difference
 * of two candidates. Beside each score: what it is under shuffled labels, of the mean colour of each image alone, and of
 * the same network with random weights (the mean of its draws). None of them decides anything; they are shown. What the
 * store holds is not computed again. LEEP and NCE read the source head of a network, which not every file still has.
 */
export async function measureTransferability(
  { networks, target, task, seed }: TransferabilityRequest,
  store: Store,
  options: { products?: Products; progress: (done: number, total: number) => void; signal?: AbortSignal },
): Promise<TransferabilityEvidence> {
  const { products = plainProducts } = options;
  const nothing = { measurements: [], comparisons: [], findings: [], known: 0 };
  const candidates = [...networks.own].filter(([, { digest }]) => target.features.has(digest));
  if (candidates.length === 0 || task === 'unlabelled') return nothing;
  if (task === 'multilabel') return { ...nothing, findings: [notDefined] };

  const images = {
    target: digestOf([target.digest, target.images.length]),
    labels: Int32Array.from(target.images, ({ labels }) => labels[0]!),
    groups: target.groups,
    seed,
  };
  const colour = { id: meanColourId, digest: meanColourId, features: meanColours(target) };
  const found: TransferabilityEvidence = { ...nothing, measurements: [], comparisons: [], findings: [] };
  let done = 0;
  for (const measure of transferabilityMeasures) {
    const results: [Subject, Kept<ScoreResult>][] = [];
    for (const [id, network] of candidates) {
      options.progress(done++, transferabilityMeasures.length * candidates.length);
      // The event loop gets its turn between scores, so that a time limit or Ctrl-C is heard.
      await setImmediate();
      options.signal?.throwIfAborted();
      const subject = subjectOf(measure, id, network, target);
      const score = await kept(store, 'score', { measure, ...images, ...subject }, scoreCandidate, products);
      results.push([subject, score]);
      if (score.known) found.known++;
    }
    // A score that grows with the number of features has no meaning for the three of a colour, and a colour has no head.
    const references =
      acrossDimensions(measure) && !readsSourceHead(measure)
        ? referencesOf(await kept(store, 'score', { measure, ...images, ...colour }, scoreCandidate, products))
        : [];
    for (const [subject, score] of results) {
      const draws: number[] = [];
      for (const twin of networks.random.get(subject.id) ?? []) {
        const draw = subjectOf(measure, subject.id, twin, target, subject.features?.columns);
        if (draw.features === null) continue;
        await setImmediate();
        options.signal?.throwIfAborted();
        const alone = await kept(store, 'value', { measure, ...images, ...draw }, scoreValue, products);
        if (alone.result !== null) draws.push(alone.result);
      }
      found.measurements.push(measurementOf(measure, subject, score, images, [...references, ...scratchOf(draws)]));
    }
    found.comparisons.push(...comparisonsOf(measure, results, images));
  }
  options.progress(done, done);
  // A network without a head lacks nothing: it is told where the scores are shown.
  found.findings.push(...refusalFindings(found.measurements.filter(({ details }) => details.sourceClasses !== null)));
  return found;
}

const notDefined: Finding = {
  code: 'measure_refused',
  about: 'target',
  measure: 'transferability.knn',
  text: 'Transferability scores are defined for one class an image. This target has several labels an image, so none was computed; the probes answer for it.',
};

/** What a measure reads of one network on the target's images. */
interface Subject {
  id: string;
  digest: string;
  /** Features or, for the scores of a source head, its probabilities; `null` where there are none. */
  features: Matrix | null;
}

/** @param classes of a network with several heads, the one with so many */
function subjectOf(
  measure: TransferabilityMeasure,
  id: string,
  { digest, heads = [] }: Encoder,
  { features }: ReadSet,
  classes?: number,
): Subject {
  if (!readsSourceHead(measure)) return { id, digest, features: features.get(digest) ?? null };
  const head = heads.find((one) => classes === undefined || one.classes === classes);
  return { id, digest: head?.digest ?? digest, features: features.get(head?.digest ?? '') ?? null };
}

interface Images {
  /** Digest of the labelled images. */
  target: string;
  labels: Int32Array;
  groups: readonly string[];
  seed: number;
}

const noSourceHead =
  'It reads the classes that a network was pretrained to tell apart, and this network has no source head: no classifier of 2 or more of them right behind its features.';

/** A result or why there is none, as the store keeps it. */
interface Outcome<T> {
  result: T | null;
  refused?: string;
}

interface Kept<T> extends Outcome<T> {
  key: string;
  known: boolean;
}

async function kept<T>(
  store: Store,
  what: 'score' | 'value',
  { measure, target, digest, features, ...request }: Omit<ScoreRequest, 'features'> & Images & Subject,
  compute: (request: ScoreRequest, products: Products) => Promise<T>,
  products: Products,
): Promise<Kept<T>> {
  const key = digestOf({ transferabilityVersion, what, measure, digest, target, seed: request.seed });
  const known = (await store.readJson('transferability', key)) as Outcome<T> | undefined;
  if (known) return { key, ...known, known: true };
  const fresh: Outcome<T> =
    features === null
      ? { result: null, refused: noSourceHead }
      : await compute({ measure, features, ...request }, products).then((result) => ({ result }), refusedBy);
  await store.writeJson('transferability', key, fresh);
  return { key, ...fresh, known: false };
}

function unlessRefused<T>(compute: () => T): Outcome<T> {
  try {
    return { result: compute() };
  } catch (error) {
    return refusedBy(error);
  }
}

/** Other errors go on. */
function refusedBy(error: unknown): { result: null; refused: string } {
  if (!(error instanceof TransferEvidenceError) || error.code !== 'measure-refused') throw error;
  return { result: null, refused: error.message };
}

function measurementOf(
  measure: TransferabilityMeasure,
  { id, features }: Subject,
  { key, result, refused }: Kept<ScoreResult>,
  { labels, groups, seed }: Images,
  beside: readonly Reference[],
): Measurement {
  const common = { measure, candidate: id, seed, key, readAgainst: [] };
  if (result === null)
    return {
      ...common,
      estimate: null,
      ...(refused === undefined ? {} : { refused }),
      n: { target: labels.length, groups: new Set(groups).size },
      details: readsSourceHead(measure)
        ? { sourceClasses: features?.columns ?? null }
        : { dimension: features?.columns ?? null },
    };
  const accuracy = accuracyOf(result);
  return {
    ...common,
    estimate: scoreEstimate(result),
    n: { target: result.images, groups: result.groups },
    readAgainst: [shuffledReference(result), ...beside],
    p: shuffledP(result),
    details: {
      ...(readsSourceHead(measure) ? { sourceClasses: result.dimension } : { dimension: result.dimension }),
      shuffles,
      ...(result.draws.length > 1 ? { starts: result.draws.length } : {}),
      ...(accuracy ? { accuracy: accuracy.accuracy, accuracyLow: accuracy.low, accuracyHigh: accuracy.high } : {}),
    },
  };
}

function shuffledReference({ shuffled }: ScoreResult): Reference {
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (const value of shuffled) [low, high, sum] = [Math.min(low, value), Math.max(high, value), sum + value];
  return { name: 'label_shuffled', value: sum / shuffled.length, low, high };
}

function referencesOf({ result }: Kept<ScoreResult>): Reference[] {
  if (result === null) return [];
  const { value, low, high } = scoreEstimate(result);
  return [{ name: 'mean_colour', value, low, high }];
}

function scratchOf(draws: readonly number[]): Reference[] {
  if (draws.length === 0) return [];
  return [{ name: 'scratch', value: draws.reduce((sum, value) => sum + value, 0) / draws.length }];
}

function comparisonsOf(
  measure: TransferabilityMeasure,
  results: readonly [Subject, Kept<ScoreResult>][],
  { labels, groups, seed }: Images,
): Comparison[] {
  return results.flatMap(([first, a], i) =>
    results.slice(i + 1).map(([second, b]): Comparison => {
      const common = { measure, subject: first.id, object: second.id, seed, key: digestOf([a.key, b.key]) };
      if (a.result === null || b.result === null) {
        const refused = [...new Set([a.refused, b.refused].filter((reason) => reason !== undefined))].join(' ');
        return { ...common, estimate: null, refused, n: { target: labels.length, groups: new Set(groups).size } };
      }
      const [one, other] = [a.result, b.result];
      const n = { target: one.images, groups: one.groups };
      const { result, refused } = unlessRefused(() => scoreDifference(measure, [first.id, one], [second.id, other]));
      const p = pairedP(one, other);
      return {
        ...common,
        estimate: result,
        ...(refused === undefined ? {} : { refused }),
        n,
        ...(p === undefined ? {} : { p }),
      };
    }),
  );
}
