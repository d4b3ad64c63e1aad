import { setImmediate } from 'node:timers/promises';
import { digestOf } from '../digest.ts';
import type { Matrix } from '../matrix.ts';
import { type MeasureName, measureNames, measures } from '../measures.ts';
import { compareSets } from '../similarity/compare.ts';
import { visualSlice } from '../similarity/visual/index.ts';
import type { Comparison, Measurement } from './schema.ts';

/** A described image set: one row an image, with the group of each row. */
export interface DescribedSet {
  digest: string;
  groups: string[];
  visual: Matrix<Float64Array> | null;
  /** By the encoder's digest. */
  features: ReadonlyMap<string, Matrix>;
}

export interface SimilarityRequest {
  target: DescribedSet;
  /** By candidate id; only those that have a sample. */
  sources: ReadonlyMap<string, DescribedSet>;
  encoders: readonly { id: string; digest: string }[];
  seed: number;
}

/** Every similarity measure of every source against the target, and every paired difference of two sources. */
export async function measureSimilarity(
  request: SimilarityRequest,
  progress: (done: number, total: number) => void = () => {},
  signal?: AbortSignal,
): Promise<{ measurements: Measurement[]; comparisons: Comparison[] }> {
  const measurements: Measurement[] = [];
  const comparisons: Comparison[] = [];
  const jobs = jobsOf(request);
  for (const [done, job] of jobs.entries()) {
    progress(done, jobs.length);
    // The event loop gets its turn between measures, so that a time limit or Ctrl-C is heard.
    await setImmediate();
    signal?.throwIfAborted();
    const found = compareOne(job, request);
    measurements.push(...found.measurements);
    comparisons.push(...found.comparisons);
  }
  progress(jobs.length, jobs.length);
  return { measurements, comparisons };
}

interface Job {
  measure: MeasureName;
  encoder?: { id: string; digest: string };
  rows(set: DescribedSet): Matrix;
}

function jobsOf({ encoders }: SimilarityRequest): Job[] {
  return measureNames.flatMap((measure): Job[] => {
    switch (measures[measure].family) {
      case 'visual':
        return [{ measure, rows: (set) => visualSlice(set.visual!, measure) }];
      case 'embedding':
        return encoders.map((encoder) => ({ measure, encoder, rows: (set) => set.features.get(encoder.digest)! }));
      case 'probe':
        return [];
    }
  });
}

function compareOne(
  { measure, encoder, rows }: Job,
  { target, sources, seed }: SimilarityRequest,
): { measurements: Measurement[]; comparisons: Comparison[] } {
  const sets = [...sources];
  const result = compareSets({
    measure,
    target: rows(target),
    sources: new Map(sets.map(([id, set]) => [id, rows(set)])),
    targetGroups: target.groups,
    sourceGroups: new Map(sets.map(([id, set]) => [id, set.groups])),
    seed,
  });
  const common = {
    measure,
    ...(encoder ? { encoder: encoder.id } : {}),
    seed,
    key: digestOf({
      measure,
      version: result.version,
      encoder: encoder?.digest ?? null,
      target: target.digest,
      sources: sets.map(([id, set]) => [id, set.digest]),
      seed,
    }),
  };
  const groups = new Set(target.groups).size;
  const measurements = [...result.distances].map(
    ([candidate, distance]): Measurement => ({
      ...common,
      candidate,
      estimate: distance.estimate,
      ...(distance.refused === undefined ? {} : { refused: distance.refused }),
      n: { target: rows(target).rows, source: rows(sources.get(candidate)!).rows, groups },
      readAgainst: [{ name: 'split_half', ...distance.splitHalf }],
      ...(distance.p === undefined ? {} : { p: distance.p }),
      details: distance.details,
    }),
  );
  const comparisons = [...result.differences].map(([pair, difference]): Comparison => {
    const [subject, object] = pair.split('\u0000') as [string, string];
    return {
      ...common,
      subject,
      object,
      estimate: difference.estimate,
      ...(difference.refused === undefined ? {} : { refused: difference.refused }),
      n: { target: rows(target).rows, groups },
      nullHalfWidth: difference.nullHalfWidth,
    };
  });
  return { measurements, comparisons };
}
