import { setImmediate } from 'node:timers/promises';
import { meanColourId } from '../controls.ts';
import { digestOf } from '../digest.ts';
import { TransferEvidenceError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { type TransferabilityMeasure, transferabilityMeasures } from '../measures.ts';
import {
  accuracyOf,
  acrossDimensions,
  pairedP,
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
 * store holds is not computed again.
 */
export async function measureTransferability(
  { networks, target, task, seed }: TransferabilityRequest,
  store: Store,
  options: { progress: (done: number, total: number) => void; signal?: AbortSignal },
): Promise<TransferabilityEvidence> {
  const nothing = { measurements: [], comparisons: [], findings: [], known: 0 };
  const subjects = [...networks.own].flatMap(([id, { digest }]): Subject[] => {
    const features = target.features.get(digest);
    return features ? [{ id, digest, features }] : [];
  });
  if (subjects.length === 0 || task === 'unlabelled') return nothing;
  if (task === 'multilabel') return { ...nothing, findings: [notDefined] };

  const images = {
    target: digestOf([target.digest, target.images.length]),
    labels: Int32Array.from(target.images, ({ labels }) => labels[0]!),
    groups: target.groups,
    seed,
  };
  const colour = { id: meanColourId, digest: meanColourId, features: meanColours(target) };
  const random = new Map(
    subjects.map(({ id }) => [
      id,
      (networks.random.get(id) ?? []).flatMap(({ digest }): Subject[] => {
        const features = target.features.get(digest);
        return features ? [{ id, digest, features }] : [];
      }),
    ]),
  );
  const found: TransferabilityEvidence = { ...nothing, measurements: [], comparisons: [], findings: [] };
  let done = 0;
  for (const measure of transferabilityMeasures) {
    const results: [Subject, Kept<ScoreResult>][] = [];
    for (const subject of subjects) {
      options.progress(done++, transferabilityMeasures.length * subjects.length);
      // The event loop gets its turn between scores, so that a time limit or Ctrl-C is heard.
      await setImmediate();
      options.signal?.throwIfAborted();
      const score = await kept(store, 'score', { measure, ...images, ...subject }, scoreCandidate);
      results.push([subject, score]);
      if (score.known) found.known++;
    }
    // A score that grows with the number of features has no meaning for the three of a colour.
    const references = acrossDimensions(measure)
      ? referencesOf(await kept(store, 'score', { measure, ...images, ...colour }, scoreCandidate))
      : [];
    for (const [subject, score] of results) {
      const draws: number[] = [];
      for (const draw of random.get(subject.id)!) {
        await setImmediate();
        options.signal?.throwIfAborted();
        const alone = await kept(store, 'value', { measure, ...images, ...draw }, scoreValue);
        if (alone.result !== null) draws.push(alone.result);
      }
      found.measurements.push(measurementOf(measure, subject, score, images, [...references, ...scratchOf(draws)]));
    }
    found.comparisons.push(...comparisonsOf(measure, results, images));
  }
  options.progress(done, done);
  found.findings.push(...refusalFindings(found.measurements));
  return found;
}

const notDefined: Finding = {
  code: 'measure_refused',
  about: 'target',
  measure: 'transferability.knn',
  text: 'Transferability scores are defined for one class an image. This target has several labels an image, so none was computed; the probes answer for it.',
};

/** One set of features of the target's images. */
interface Subject {
  id: string;
  digest: string;
  features: Matrix;
}

interface Images {
  /** Digest of the labelled images. */
  target: string;
  labels: Int32Array;
  groups: readonly string[];
  seed: number;
}

/** A result or why there is none, as the store keeps it. */
interface Kept<T> {
  key: string;
  result: T | null;
  refused?: string;
  known: boolean;
}

async function kept<T>(
  store: Store,
  what: 'score' | 'value',
  { measure, target, digest, ...request }: ScoreRequest & Images & Subject,
  compute: (request: ScoreRequest) => T,
): Promise<Kept<T>> {
  const key = digestOf({ transferabilityVersion, what, measure, digest, target, seed: request.seed });
  const known = (await store.readJson('transferability', key)) as Pick<Kept<T>, 'result' | 'refused'> | undefined;
  if (known) return { key, ...known, known: true };
  const fresh = unlessRefused(() => compute({ measure, ...request }));
  await store.writeJson('transferability', key, fresh);
  return { key, ...fresh, known: false };
}

function unlessRefused<T>(compute: () => T): { result: T | null; refused?: string } {
  try {
    return { result: compute() };
  } catch (error) {
    if (!(error instanceof TransferEvidenceError) || error.code !== 'measure-refused') throw error;
    return { result: null, refused: error.message };
  }
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
      details: { dimension: features.columns },
    };
  const accuracy = accuracyOf(result);
  return {
    ...common,
    estimate: scoreEstimate(result),
    n: { target: result.images, groups: result.groups },
    readAgainst: [shuffledReference(result), ...beside],
    p: shuffledP(result),
    details: {
      dimension: result.dimension,
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
