import { readFile } from 'node:fs/promises';
import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';
import { type NpyArray, readNpy } from '../features/npy.ts';
import { type NpyRows, openNpyRows } from '../features/npy-rows.ts';
import { type Products, plainProducts } from '../linear-algebra/products.ts';
import { type RuntimeProducts, runtimeProducts } from '../linear-algebra/runtime-products.ts';
import { measures, type TransferabilityMeasure } from '../measures.ts';
import { loadNatives } from '../runtime/natives.ts';
import { compareSets, ownGroups, takenRows } from '../similarity/compare.ts';
import { createGrams } from '../similarity/embedding/grams.ts';
import { type StreamedSet, streamedFid } from '../similarity/embedding/streamed-fid.ts';
import type { SetDistanceResult } from '../similarity/measure-all.ts';
import { readsSourceHead, scoreCandidate, scoredRows, scoreEstimate, shuffledP } from '../transferability/compare.ts';
import type { MeasureCall } from './arguments.ts';
import { type FeatureMeasure, isScore } from './feature-measures.ts';

/** What one measure says of features. */
interface Measured {
  measure: FeatureMeasure;
  estimate: Estimate;
  /** What it is where there is nothing to find: two halves of the target, or labels dealt at random. */
  nothing: { name: 'split_half' | 'label_shuffled'; value: number; low: number; high: number };
  p: number | null;
  /** That took part. */
  images: { target: number; source: number | null };
  /** That there are: of more than a measure takes it draws some. */
  offered: { target: number; source: number | null };
  features: number;
  seed: number;
}

/**
 * One measure of features in .npy files, of which no more is read than takes part.
 * @returns what is printed
 * @throws measure-refused when there are too few images, input-invalid or shape-mismatch when files do not fit
 */
export async function runMeasure(call: MeasureCall, pathOf: (path: string) => string): Promise<string> {
  const open: NpyRows[] = [];
  const described = async (name: string, groups: string | undefined): Promise<Described> => {
    const features = await openNpyRows(pathOf(name), name);
    open.push(features);
    const rows: Rows = [features.rows, name];
    return {
      features,
      rows,
      groups: groups === undefined ? undefined : rowNames(await readArray(groups, pathOf(groups)), groups, rows),
    };
  };
  const products = await productsAtHand();
  try {
    const target = await described(call.target, call.groups);
    const measured = isScore(call.measure)
      ? await score(call.measure, target, await labelsOf(call.labels!, pathOf, target.rows), call.seed, products)
      : await distance(call.measure, target, await described(call.source!, call.sourceGroups), call.seed, products);
    return call.format === 'json' ? `${JSON.stringify(measured, null, 2)}\n` : inWords(measured);
  } finally {
    await products.close();
    for (const file of open) await file.close();
  }
}

async function labelsOf(name: string, pathOf: (path: string) => string, rows: Rows): Promise<number[]> {
  return classIndices(await readArray(name, pathOf(name)), name, rows);
}

/**
 * Compiled products where the runtime is on this machine, loops where it is not: it is not fetched for one measure, whose
 * value either way differs by rounding alone.
 */
async function productsAtHand(): Promise<RuntimeProducts> {
  try {
    const { onnxruntime } = await loadNatives({ need: ['onnxruntime-node'], offline: true, log: () => undefined });
    return runtimeProducts(onnxruntime!);
  } catch (error) {
    if (!(error instanceof TransferEvidenceError) || error.code !== 'runtime-missing') throw error;
    return { ...plainProducts, close: async () => undefined };
  }
}

/** How many rows a file of features has, and its name. */
type Rows = [rows: number, of: string];

interface Described {
  features: NpyRows;
  rows: Rows;
  groups: string[] | undefined;
}

async function distance(
  measure: Exclude<FeatureMeasure, TransferabilityMeasure>,
  target: Described,
  source: Described,
  seed: number,
  products: Products,
): Promise<Measured> {
  const { estimate, refused, splitHalf, p, details } =
    measure === 'embedding.fid'
      ? await streamed(target, source, seed, products)
      : await drawn(measure, target, source, seed, products);
  if (estimate === null) throw new TransferEvidenceError('measure-refused', refused!);
  return {
    measure,
    estimate,
    nothing: { name: 'split_half', ...splitHalf! },
    p: p ?? null,
    images: { target: details.targetImages!, source: details.sourceImages! },
    offered: { target: target.features.rows, source: source.features.rows },
    features: target.features.columns,
    seed,
  };
}

/** FID needs no more than sums over rows, and the more rows, the less its bias: it takes all of them. */
function streamed(target: Described, source: Described, seed: number, products: Products): Promise<SetDistanceResult> {
  const setOf = ({ features, groups }: Described): StreamedSet => ({
    rows: features.rows,
    columns: features.columns,
    groups: groups ?? ownGroups(features.rows),
    blocks: features.blocks,
  });
  return streamedFid(setOf(source), setOf(target), seed, products);
}

async function drawn(
  measure: FeatureMeasure,
  target: Described,
  source: Described,
  seed: number,
  products: Products,
): Promise<SetDistanceResult> {
  const part = async ({ features, groups = ownGroups(features.rows) }: Described) => {
    const rows = takenRows(measure, groups, seed);
    return { features: await features.read(rows), groups: Array.from(rows, (row) => groups[row]!) };
  };
  const [own, other] = [await part(target), await part(source)];
  const { distances } = await compareSets({
    measure,
    target: own.features,
    sources: new Map([['source', other.features]]),
    targetGroups: own.groups,
    sourceGroups: new Map([['source', other.groups]]),
    seed,
    grams: createGrams(products),
  });
  return distances.get('source')!;
}

async function score(
  measure: TransferabilityMeasure,
  { features: file, groups: named }: Described,
  labels: readonly number[],
  seed: number,
  products: Products,
): Promise<Measured> {
  const all = named ?? labels.map((_, row) => String(row));
  const rows = scoredRows(all, seed);
  const groups = Array.from(rows, (row) => all[row]!);
  const found = await scoreCandidate(
    { measure, features: await file.read(rows), labels: rows.map((row) => labels[row]!), groups, seed },
    products,
  );
  const { shuffled } = found;
  return {
    measure,
    estimate: scoreEstimate(found),
    nothing: {
      name: 'label_shuffled',
      value: shuffled.reduce((sum, value) => sum + value, 0) / shuffled.length,
      low: Math.min(...shuffled),
      high: Math.max(...shuffled),
    },
    p: shuffledP(found),
    images: { target: found.images, source: null },
    offered: { target: file.rows, source: null },
    features: file.columns,
    seed,
  };
}

function inWords({ measure, estimate, nothing, p, images, offered, features, seed }: Measured): string {
  const { title, unit, direction } = measures[measure];
  const number = (value: number) => String(Number(value.toPrecision(4)));
  const range = ({ low, high }: { low: number; high: number }) => `[${number(low)}, ${number(high)}]`;
  const part = (took: number, of: number) => (took === of ? String(took) : `${took} of ${of}`);
  const from = images.source === null ? '' : `${part(images.source, offered.source!)} source and `;
  return [
    `${title} ${number(estimate.value)} ${range(estimate)}${unit && unit !== 'points' ? ` ${unit}` : ''}`,
    `  ${100 * estimate.level} % interval by ${estimate.method}; ${direction.replace('_', ' is ')}`,
    `  ${nothing.name === 'split_half' ? 'two halves of the target' : 'labels dealt at random'}: ${number(nothing.value)} ${range(nothing)}${p === null ? '' : `; p = ${number(p)}`}`,
    `  ${from}${part(images.target, offered.target)} target images of ${features} ${isScore(measure) && readsSourceHead(measure) ? 'source classes' : 'features'}, seed ${seed}`,
    '',
  ].join('\n');
}

async function readArray(name: string, path: string): Promise<NpyArray> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new TransferEvidenceError('input-invalid', `${name} cannot be read: ${(cause as Error).message}.`, { cause });
  }
  return readNpy(bytes, name);
}

/** One number a row of the features it goes with. */
function vectorOf({ shape, data }: NpyArray, name: string, [rows, of]: Rows): number[] {
  if (data.length === rows && shape[0] === rows) return Array.from(data);
  throw new TransferEvidenceError(
    'shape-mismatch',
    `${name} should hold one number for each of the ${rows} rows of ${of}; it has shape (${shape.join(', ')}).`,
  );
}

/** Labels as class indices, whatever whole numbers they are. */
function classIndices(array: NpyArray, name: string, features: Rows): number[] {
  const labels = vectorOf(array, name, features);
  const found = labels.find((label) => !Number.isInteger(label));
  if (found !== undefined)
    throw new TransferEvidenceError(
      'input-invalid',
      `${name} should hold a class index for each image; found ${found}.`,
    );
  const classes = new Map([...new Set(labels)].sort((a, b) => a - b).map((label, index) => [label, index]));
  return labels.map((label) => classes.get(label)!);
}

function rowNames(array: NpyArray, name: string, features: Rows): string[] {
  return vectorOf(array, name, features).map(String);
}
