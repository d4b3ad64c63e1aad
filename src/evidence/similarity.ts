import { setImmediate } from 'node:timers/promises';
import { digestOf } from '../digest.ts';
import type { Products } from '../linear-algebra/products.ts';
import type { Matrix } from '../matrix.ts';
import { type MeasureInfo, type MeasureName, measureNames, measures } from '../measures.ts';
import { compareSets } from '../similarity/compare.ts';
import { createGrams, type Grams } from '../similarity/embedding/grams.ts';
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
  /** Set beside the sources in the measure that the gap index is read from, without moving any number of theirs. */
  reference?: { id: string; digest: string; features: ReadonlyMap<string, Matrix> };
  seed: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

interface Measured {
  measurements: Measurement[];
  comparisons: Comparison[];
}

/** Every similarity measure of every source against the target, and every paired difference of two sources; those of the reference apart. */
export async function measureSimilarity(
  request: SimilarityRequest,
  progress: (done: number, total: number) => void = () => {},
  signal?: AbortSignal,
): Promise<Measured & { reference: Measured }> {
  const measurements: Measurement[] = [];
  const comparisons: Comparison[] = [];
  const reference: Measured = { measurements: [], comparisons: [] };
  const jobs = jobsOf(request);
  for (const [done, job] of jobs.entries()) {
    progress(done, jobs.length);
    // The event loop gets its turn between measures, so that a time limit or Ctrl-C is heard.
    await setImmediate();
    signal?.throwIfAborted();
    const found = await compareOne(job, request);
    const isReference = (id: string) => id === request.reference?.id;
    for (const one of found.measurements)
      (isReference(one.candidate) ? reference.measurements : measurements).push(one);
    for (const one of found.comparisons) (isReference(one.object) ? reference.comparisons : comparisons).push(one);
  }
  progress(jobs.length, jobs.length);
  return { measurements, comparisons, reference };
}

interface Job {
  measure: MeasureName;
  encoder?: { id: string; digest: string };
  /** Shared by the measures of one encoder. */
  grams?: Grams;
  rows(set: DescribedSet): Matrix;
}

function jobsOf({ encoders, products }: SimilarityRequest): Job[] {
  const named = (family: MeasureInfo['family']) =>
    measureNames.filter((measure) => measures[measure].family === family);
  const visual = named('visual').map((measure): Job => ({ measure, rows: (set) => visualSlice(set.visual!, measure) }));
  const embedding = encoders.flatMap((encoder) => {
    const grams = createGrams(products);
    const rows = (set: DescribedSet) => set.features.get(encoder.digest)!;
    return named('embedding').map((measure): Job => ({ measure, encoder, grams, rows }));
  });
  return [...visual, ...embedding];
}

async function compareOne(
  { measure, encoder, grams, rows }: Job,
  { target, sources, reference, seed }: SimilarityRequest,
): Promise<Measured> {
  const ids = [...sources];
  const targetRows = rows(target);
  const sourceRows = new Map(ids.map(([id, set]) => [id, rows(set)]));
  const beside = new Map<string, Matrix>();
  if (reference && encoder && measure === 'embedding.mmd')
    beside.set(reference.id, reference.features.get(encoder.digest)!);
  const result = await compareSets({
    measure,
    target: targetRows,
    sources: sourceRows,
    targetGroups: target.groups,
    sourceGroups: new Map(ids.map(([id, set]) => [id, set.groups])),
    seed,
    beside,
    ...(grams ? { grams } : {}),
  });
  const groups = new Set(target.groups).size;
  const common = {
    measure,
    ...(encoder ? { encoder: encoder.id } : {}),
    seed,
  };
  const keyOf = (id: string) =>
    digestOf({
      measure,
      version: result.version,
      encoder: encoder?.digest ?? null,
      target: target.digest,
      sources: ids.map(([source, set]) => [source, set.digest]),
      seed,
      ...(beside.has(id) ? { reference: reference!.digest } : {}),
    });
  const refusal = (refused: string | undefined) => (refused === undefined ? {} : { refused });
  return {
    measurements: [...result.distances].map(
      ([candidate, { estimate, refused, p, splitHalf, details }]): Measurement => ({
        ...common,
        key: keyOf(candidate),
        candidate,
        estimate,
        ...refusal(refused),
        n: { target: targetRows.rows, source: (sourceRows.get(candidate) ?? beside.get(candidate)!).rows, groups },
        readAgainst: splitHalf ? [{ name: 'split_half', ...splitHalf }] : [],
        ...(p === undefined ? {} : { p }),
        details,
      }),
    ),
    comparisons: [...result.differences].map(([pair, { estimate, refused, nullHalfWidth }]): Comparison => {
      const [subject, object] = pair.split('\u0000') as [string, string];
      return {
        ...common,
        key: keyOf(object),
        subject,
        object,
        estimate,
        ...refusal(refused),
        n: { target: targetRows.rows, groups },
        ...(nullHalfWidth === undefined ? {} : { nullHalfWidth }),
      };
    }),
  };
}
