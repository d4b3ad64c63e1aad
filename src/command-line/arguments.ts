import { parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { TransferEvidenceError } from '../errors.ts';
import { type MeasureName, measureNames, measures } from '../measures.ts';
import { type Device, devices } from '../runtime/device.ts';
import { type FeatureMeasure, featureMeasures, isScore, shortName } from './feature-measures.ts';

export interface CommandLine {
  command: 'check' | 'review';
  manifest: string | undefined;
  out: string;
  format: 'text' | 'json';
  seed: number;
  device: Device;
  offline: boolean;
  dataRoots: string[];
  store: string | undefined;
  natives: string | undefined;
}

/** One measure of features that lie ready. */
export interface MeasureCall {
  command: 'measure';
  measure: FeatureMeasure;
  /** Paths of .npy files. */
  target: string;
  source: string | undefined;
  labels: string | undefined;
  groups: string | undefined;
  sourceGroups: string | undefined;
  format: 'text' | 'json';
  seed: number;
}

const commands = ['check', 'review', 'measure'] as const;

const namesOf = (wanted: (measure: FeatureMeasure) => boolean) =>
  featureMeasures.filter(wanted).map(shortName).join(', ');
const scoreNames = namesOf(isScore);
const distanceNames = namesOf((measure) => !isScore(measure));

export const help = `transfer-evidence: sets the stated reasons for a pretraining source against measured evidence.

  transfer-evidence check  [MANIFEST]   reads and judges the words alone: no data, no network, no GPU, about a second
  transfer-evidence review [MANIFEST]   measures as well: similarity, probes, verdicts on every claim
  transfer-evidence measure NAME        one number of features in .npy files, with its interval and its null
  transfer-evidence measure [NAME] --help   what each measure sees, what it is blind to, and when not to use it

MANIFEST defaults to transfer.yml, then .github/transfer.yml, in this folder.

Options
  --out DIR            where comment.md, report.html, report.json and evidence.json go   [transfer-evidence-report]
  --format text|json   what is printed: a summary for people, or report.json             [text]
  --seed N             seed of every random draw; same seed, same numbers                [0]
  --device NAME        auto, cuda, webgpu or cpu; auto takes the first that works        [auto]
  --offline            fetch nothing: no weights, no native packages
  --data-root DIR      a folder beside the manifest's own that data may lie in; may be repeated
  --store DIR          where evidence is kept between runs   [~/.cache/transfer-evidence]
  --runtime-path DIR   a folder whose node_modules hold onnxruntime-node and sharp
  --help, --version

Options of measure; each file is an array that numpy.save wrote, one row an image
  --target B.npy       features of the target's images, (images, features); for leep and nce the probabilities of the
                       source's classes, (images, source classes)
  --source A.npy       the same of a source's images: for the distances
  --labels y.npy       class index of each target image: for the transferability scores
  --groups g.npy       patient, slide or site of each target image, as a number; default: every image its own
  --source-groups h.npy
  Distances: ${distanceNames}
  Scores:    ${scoreNames}

Exit codes
  0  the gate passes (also with warnings)     2  the manifest, its data or this call is wrong
  1  the gate says no                         3  infrastructure: a download, a device, the runtime

Start with the smallest manifest: transfer-evidence check in an empty folder prints one.
`;

const ofMeasure = ['target', 'source', 'labels', 'groups', 'source-groups'] as const;

/** A question about one measure, or about all. */
export interface MeasureQuestion {
  command: 'describe';
  measure: MeasureName | undefined;
}

/** Reads the arguments. @throws input-invalid naming the argument, what was found and what is allowed */
export function readArguments(args: string[]): CommandLine | MeasureCall | MeasureQuestion | 'help' | 'version' {
  const { values, positionals } = parse(args);
  if (values.help && positionals[0] === 'measure') return { command: 'describe', measure: anyMeasure(positionals[1]) };
  if (values.help || (positionals.length === 0 && args.length === 0)) return 'help';
  if (values.version) return 'version';
  const [word, manifest, ...rest] = positionals;
  const command = oneOf('command', word ?? '', commands);
  const foreign = ofMeasure.find((option) => values[option] !== undefined);
  if (command === 'measure') return measureCall(values, manifest, rest);
  if (foreign)
    throw new TransferEvidenceError('input-invalid', `--${foreign} belongs to measure; ${command} reads a manifest.`);
  return {
    command,
    manifest,
    out: values.out ?? 'transfer-evidence-report',
    format: oneOf('--format', values.format ?? 'text', ['text', 'json'] as const),
    seed: wholeNumber('--seed', values.seed ?? '0'),
    device: oneOf('--device', values.device ?? 'auto', devices),
    offline: values.offline ?? false,
    dataRoots: values['data-root'] ?? [],
    store: values.store,
    natives: values['runtime-path'],
    ...nothingLeft(rest),
  };
}

function measureCall(
  { target, source, labels, groups, 'source-groups': sourceGroups, format, seed }: ReturnType<typeof parse>['values'],
  name: string | undefined,
  rest: string[],
): MeasureCall {
  if (rest.length > 0)
    throw new TransferEvidenceError('input-invalid', `One measure at a time; found also: ${rest.join(', ')}.`);
  const measure = measureNamed(name);
  const needed = isScore(measure) ? ('labels' as const) : ('source' as const);
  if (target === undefined || { labels, source }[needed] === undefined)
    throw new TransferEvidenceError(
      'input-invalid',
      `${measures[measure].title} is ${isScore(measure) ? 'a score of features of labelled target images' : 'a distance between two sets of features'}: it needs --target FILE and --${needed} FILE.`,
    );
  const idle = isScore(measure) ? { '--source': source, '--source-groups': sourceGroups } : { '--labels': labels };
  for (const [option, given] of Object.entries(idle))
    if (given !== undefined)
      throw new TransferEvidenceError('input-invalid', `${measures[measure].title} has no use for ${option}.`);
  return {
    command: 'measure',
    measure,
    target,
    source,
    labels,
    groups,
    sourceGroups,
    format: oneOf('--format', format ?? 'text', ['text', 'json'] as const),
    seed: wholeNumber('--seed', seed ?? '0'),
  };
}

/** A measure by its name in the manifest, or by what stands behind the dot. */
function measureNamed(name: string | undefined): FeatureMeasure {
  const found = byName(featureMeasures, name);
  if (found) return found;
  if (Object.hasOwn(measures, name ?? ''))
    throw new TransferEvidenceError(
      'input-invalid',
      `${name} is read off images or trained networks, not off features: use transfer-evidence review with a manifest.`,
    );
  return oneOf('NAME', name ?? '', featureMeasures.map(shortName)) as never;
}

/** One of all measures, whether read off features or not; undefined when none is named. */
function anyMeasure(name: string | undefined): MeasureName | undefined {
  if (name === undefined) return undefined;
  return byName(measureNames, name) ?? (oneOf('NAME', name, measureNames.map(shortName)) as never);
}

function byName<T extends MeasureName>(known: readonly T[], name: string | undefined): T | undefined {
  const wanted = (name ?? '').toLowerCase().replaceAll('-', '_');
  return known.find((own) => own === wanted || shortName(own) === wanted);
}

function parse(args: string[]) {
  const options = {
    out: { type: 'string' },
    format: { type: 'string' },
    seed: { type: 'string' },
    device: { type: 'string' },
    offline: { type: 'boolean' },
    'data-root': { type: 'string', multiple: true },
    store: { type: 'string' },
    'runtime-path': { type: 'string' },
    target: { type: 'string' },
    source: { type: 'string' },
    labels: { type: 'string' },
    groups: { type: 'string' },
    'source-groups': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const unknown = /'(--?[^'\s]+)/.exec(String(error))?.[1];
    const nearest =
      unknown &&
      closest(
        unknown,
        Object.keys(options).map((name) => `--${name}`),
      );
    const known = unknown && nearest === unknown;
    throw new TransferEvidenceError(
      'input-invalid',
      known || !unknown
        ? `${(error as Error).message}`
        : `There is no option ${unknown}; did you mean ${nearest}? See transfer-evidence --help.`,
    );
  }
}

function nothingLeft(rest: string[]): Record<string, never> {
  if (rest.length > 0)
    throw new TransferEvidenceError('input-invalid', `One manifest at a time; found also: ${rest.join(', ')}.`);
  return {};
}

function oneOf<const T extends readonly string[]>(name: string, value: string, allowed: T): T[number] {
  if (allowed.includes(value)) return value as T[number];
  throw new TransferEvidenceError(
    'input-invalid',
    `${name} is one of ${allowed.join(', ')}; found “${value}”${value ? `; did you mean ${closest(value, allowed)}?` : '.'}`,
  );
}

function wholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number)) return number;
  throw new TransferEvidenceError('input-invalid', `${name} is a whole number from 0; found “${value}”.`);
}

function closest(value: string, known: readonly string[]): string {
  return [...known].sort((a, b) => distance(value, a) - distance(value, b))[0]!;
}
