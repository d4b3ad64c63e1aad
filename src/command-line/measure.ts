import { readFile } from 'node:fs/promises';
import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';
import { matrixOf, type NpyArray, readNpy } from '../features/npy.ts';
import { measures, type TransferabilityMeasure } from '../measures.ts';
import { compareSets } from '../similarity/compare.ts';
import { scoreCandidate, scoreEstimate, shuffledP } from '../transferability/compare.ts';
import type { MeasureCall } from './arguments.ts';
import { type FeatureMeasure, isScore } from './feature-measures.ts';

/** What one measure says of features. */
interface Measured {
  measure: FeatureMeasure;
  estimate: Estimate;
  /** What it is where there is nothing to find: two halves of the target, or labels dealt at random. */
  nothing: { name: 'split_half' | 'label_shuffled'; value: number; low: number; high: number };
  p: number | null;
  images: { target: number; source: number | null };
  features: number;
  seed: number;
}

/**
 * One measure of features in .npy files.
 * @returns what is printed
 * @throws measure-refused when there are too few images, input-invalid or shape-mismatch when files do not fit
 */
export async function runMeasure(call: MeasureCall, pathOf: (path: string) => string): Promise<string> {
  const read = async (path: string | undefined) => (path === undefined ? undefined : readArray(path, pathOf(path)));
  const [target, source, labels, groups, sourceGroups] = await Promise.all(
    [call.target, call.source, call.labels, call.groups, call.sourceGroups].map(read),
  );
  const features = matrixOf(target!, call.target);
  const own = {
    features,
    groups: groups && rowNames(groups, call.groups!, [features.rows, call.target]),
  };
  const measured = isScore(call.measure)
    ? score(
        call.measure,
        { ...own, labels: classIndices(labels!, call.labels!, [features.rows, call.target]) },
        call.seed,
      )
    : await distance(
        call.measure,
        own,
        {
          features: matrixOf(source!, call.source!),
          groups: sourceGroups && rowNames(sourceGroups, call.sourceGroups!, [source!.shape[0]!, call.source!]),
        },
        call.seed,
      );
  return call.format === 'json' ? `${JSON.stringify(measured, null, 2)}\n` : inWords(measured);
}

interface Described {
  features: ReturnType<typeof matrixOf>;
  groups: string[] | undefined;
}

async function distance(
  measure: Exclude<FeatureMeasure, TransferabilityMeasure>,
  target: Described,
  source: Described,
  seed: number,
): Promise<Measured> {
  const { distances } = await compareSets({
    measure,
    target: target.features,
    sources: new Map([['source', source.features]]),
    ...(target.groups && { targetGroups: target.groups }),
    ...(source.groups && { sourceGroups: new Map([['source', source.groups]]) }),
    seed,
  });
  const { estimate, refused, splitHalf, p, details } = distances.get('source')!;
  if (estimate === null) throw new TransferEvidenceError('measure-refused', refused!);
  return {
    measure,
    estimate,
    nothing: { name: 'split_half', ...splitHalf! },
    p: p ?? null,
    images: { target: details.targetImages!, source: details.sourceImages! },
    features: target.features.columns,
    seed,
  };
}

function score(measure: TransferabilityMeasure, target: Described & { labels: number[] }, seed: number): Measured {
  const { features, labels } = target;
  const groups = target.groups ?? labels.map((_, row) => String(row));
  const found = scoreCandidate({ measure, features, labels, groups, seed });
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
    features: features.columns,
    seed,
  };
}

function inWords({ measure, estimate, nothing, p, images, features, seed }: Measured): string {
  const { title, unit, direction } = measures[measure];
  const number = (value: number) => String(Number(value.toPrecision(4)));
  const range = ({ low, high }: { low: number; high: number }) => `[${number(low)}, ${number(high)}]`;
  const of = images.source === null ? '' : `${images.source} source and `;
  return [
    `${title} ${number(estimate.value)} ${range(estimate)}${unit && unit !== 'points' ? ` ${unit}` : ''}`,
    `  ${100 * estimate.level} % interval by ${estimate.method}; ${direction.replace('_', ' is ')}`,
    `  ${nothing.name === 'split_half' ? 'two halves of the target' : 'labels dealt at random'}: ${number(nothing.value)} ${range(nothing)}${p === null ? '' : `; p = ${number(p)}`}`,
    `  ${of}${images.target} target images of ${features} features, seed ${seed}`,
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
function vectorOf({ shape, data }: NpyArray, name: string, [rows, of]: [rows: number, of: string]): number[] {
  if (data.length === rows && shape[0] === rows) return Array.from(data);
  throw new TransferEvidenceError(
    'shape-mismatch',
    `${name} should hold one number for each of the ${rows} rows of ${of}; it has shape (${shape.join(', ')}).`,
  );
}

/** Labels as class indices, whatever whole numbers they are. */
function classIndices(array: NpyArray, name: string, features: [number, string]): number[] {
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

function rowNames(array: NpyArray, name: string, features: [number, string]): string[] {
  return vectorOf(array, name, features).map(String);
}
