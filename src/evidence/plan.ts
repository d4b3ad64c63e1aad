import { basename, dirname, join, resolve } from 'node:path';
import { readManifestCards } from '../card/manifest-cards.ts';
import { groupCopies } from '../dataset/duplicates.ts';
import { fingerprint, readContents } from '../dataset/fingerprint.ts';
import { openDataset } from '../dataset/open.ts';
import { listedProperties } from '../dataset/properties/listed.ts';
import type { Property } from '../dataset/properties/property.ts';
import { drawSample } from '../dataset/sample.ts';
import type { Dataset, ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
import { type LocatedWeights, locateWeights } from '../encoder/weights.ts';
import { TransferEvidenceError } from '../errors.ts';
import { groupsAcrossSplits } from '../integrity/group-leaks.ts';
import { metricsOf } from '../manifest/check-sources.ts';
import type { LoadedManifest } from '../manifest/load.ts';
import { probesOf } from '../manifest/probes.ts';
import type { Problem } from '../manifest/problem.ts';
import type { DataSource, EncoderChoice, FineTuningWishes, Manifest, Preprocessing } from '../manifest/schema.ts';
import { isTrainedProbe, type ProbeMeasure } from '../measures.ts';
import { deadLeaves, type ReferenceSet } from '../reference/built-in.ts';
import { version } from '../version.ts';
import { type Declared, declaredBy } from './declared.ts';
import { type ProvenanceOfAll, provenanceOf } from './provenance.ts';
import { pretraining } from './proxies.ts';
import type { Metric, Task } from './schema.ts';
import { drawTestImages, type TestImages } from './test-split.ts';
import { type PlannedTextEncoder, planTextEncoder, textEncoderKey } from './text-encoder.ts';

/** Raised whenever a change here or in a measure makes older evidence incomparable. */
const planVersion = 6;

/** The images that will be looked at. */
export interface PlannedSet {
  dataset: Dataset;
  sample: ImageRecord[];
  /** SHA-256 of the drawn images' bytes, by id. */
  contents: ReadonlyMap<string, string>;
  /** What the list of all images tells, those that were not drawn among them. */
  listed: Property[];
  /** Declared groups with images in more than one declared split, test images among them. */
  acrossSplits: string[];
  /** Of the target, images marked test, to look for copies among and for nothing else; `null` where there are none. */
  test: TestImages | null;
  /** Digest of the drawn images' ids, labels, groups and content. */
  digest: string;
}

/** A network that will be loaded; nothing of it has been read yet but its bytes' digest. */
export interface PlannedNetwork {
  located: LocatedWeights;
  input: string | undefined;
  features: string | undefined;
  preprocessing: Preprocessing | undefined;
  /** Digest of weights, input, features and preprocessing. */
  digest: string;
}

export interface PlannedCandidate {
  id: string;
  network: PlannedNetwork | null;
  sample: PlannedSet | null;
  /** Whether the drawn images carry two classes or more, so that a network could be pretrained on them. */
  labelled: boolean;
}

/** How networks are trained, alike for every candidate and control. */
export interface PlannedFineTuning
  extends Pick<FineTuningWishes, 'seeds' | 'epochs' | 'batch' | 'optimiser' | 'augment'> {
  /** For all of it; no more than the whole budget. */
  budgetSeconds: number;
  /** How many are tried. */
  learningRates: number;
  /** The built-in network for candidates without weights; `null` for none. */
  proxy: Exclude<FineTuningWishes['proxy'], 'off'> | null;
  /** Steps that it is trained for on a candidate's images. */
  pretrainingSteps: number;
}

export interface PlannedEncoder {
  id: string;
  /** `null` for the built-in scattering network. */
  network: PlannedNetwork | null;
}

/** All that will be measured, keyed by content: two plans with one digest have the same evidence. */
export interface Plan {
  digest: string;
  seed: number;
  targetName: string;
  target: PlannedSet;
  task: Task;
  metric: Metric | null;
  candidates: PlannedCandidate[];
  encoders: PlannedEncoder[];
  /** `null` when the manifest names a candidate as the reference, or none. */
  reference: ReferenceSet | null;
  /** Of the linear probe, as `configurations`. */
  seeds: number;
  configurations: number;
  /** What performance is measured by, the strongest probe first. */
  probes: ProbeMeasure[];
  /** `null` when no probe trains a network. */
  fineTuning: PlannedFineTuning | null;
  budgetSeconds: number;
  /** What the manifest says of the datasets, and which reasons it gives that take training to answer. */
  declared: Declared;
  /** What compares class names; `null` when the manifest names nothing. */
  textEncoder: PlannedTextEncoder | null;
  /** Where images and weights come from, as far as the manifest says. */
  provenance: ProvenanceOfAll;
}

export interface PlanOptions {
  /** Directories that data and weights may lie in. */
  roots: string[];
  seed: number;
  offline: boolean;
  /** Where downloads and fingerprints are kept. */
  cacheDir: string;
  signal?: AbortSignal;
}

/**
 * Opens what the manifest names, without decoding an image or loading a network.
 * @returns the plan, or every problem that stood in its way at once
 */
export async function planEvidence(
  loaded: LoadedManifest & { manifest: Manifest },
  options: PlanOptions,
): Promise<{ plan: Plan } | { problems: Problem[] }> {
  const { manifest } = loaded;
  const base = dataBase(loaded.directory);
  const problems: Problem[] = [];
  const attempt = async <T>(path: string, work: () => Promise<T>): Promise<T | null> => {
    options.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransferEvidenceError)) throw error;
      if (error.code === 'download-failed' || error.code === 'cancelled') throw error;
      problems.push({ level: 'error', code: error.code, path, location: loaded.locate(path), message: error.message });
      return null;
    }
  };
  const openSet = async (source: DataSource, purpose: string, labelled: boolean): Promise<PlannedSet> => {
    const task = labelled ? manifest.target.task?.type : undefined;
    const whole = await openDataset(source, {
      base,
      roots: options.roots,
      labelled,
      ...(task === undefined ? {} : { task }),
    });
    // A source chosen on test images spoils them.
    const dataset = { ...whole, images: whole.images.filter(({ split }) => split !== 'test') };
    if (dataset.images.length === 0)
      throw new TransferEvidenceError(
        'dataset-invalid',
        `All ${whole.images.length} images are marked test, and nothing is measured on test images: a source chosen on them would spoil them. Mark some as train or validation.`,
      );
    const count = manifest.evidence.images;
    const { seed, cacheDir } = options;
    const drawn = drawSample(dataset, { count, seed, purpose });
    const contents = await readContents({ ...dataset, images: drawn }, { cacheDir: join(cacheDir, 'fingerprints') });
    const sample = groupCopies(drawn, contents);
    const digest = fingerprint({ ...dataset, images: sample }, contents);
    const listed = await listedProperties(dataset, sample);
    const test = labelled ? await drawTestImages(whole, { count, seed, cacheDir }) : null;
    return { dataset, sample, contents, listed, acrossSplits: groupsAcrossSplits(whole), test, digest };
  };
  const locate = (ref: string, sha256: string | undefined, extension = 'onnx') =>
    locateWeights(ref, {
      base,
      roots: options.roots,
      cacheDir: join(options.cacheDir, 'weights'),
      offline: options.offline,
      extension,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  const network = async (
    choice: { ref: string; sha256?: string | undefined; input?: string | undefined; features?: string | undefined },
    preprocessing: Preprocessing | undefined,
  ): Promise<PlannedNetwork> => {
    const located = await locate(choice.ref, choice.sha256);
    const { input, features } = choice;
    const digest = digestOf({
      weights: located.digest,
      input: input ?? null,
      features: features ?? null,
      preprocessing: preprocessing ?? null,
    });
    return { located, input, features, preprocessing, digest };
  };

  const target = await attempt('target.data', () => openSet(manifest.target.data, 'target', true));
  const metric =
    target &&
    (await attempt('target.task.metric', async () => metricFor(target.dataset, manifest.target.task?.metric)));
  const candidates: PlannedCandidate[] = [];
  for (const [index, candidate] of manifest.candidates.entries()) {
    const path = `candidates[${index}]`;
    const { weights, sample, id } = candidate;
    const choice = typeof weights === 'string' ? { ref: weights } : weights;
    const ownNetwork =
      choice === undefined || choice.ref === 'none'
        ? null
        : await attempt(`${path}.weights`, () => network(choice, candidate.preprocessing));
    // The purpose is the same for all, so that one folder under two names gives the same images.
    const images =
      sample === undefined ? null : await attempt(`${path}.sample`, () => openSet(sample, 'source', false));
    candidates.push({ id, network: ownNetwork, sample: images, labelled: images !== null && isLabelled(images) });
  }
  const encoders: PlannedEncoder[] = [];
  for (const [index, choice] of manifest.evidence.encoders.entries()) {
    const planned = await attempt(`evidence.encoders[${index}]`, () => planEncoder(choice, network));
    if (planned) encoders.push(planned);
  }
  if (target === null || problems.length > 0) return { problems };
  options.signal?.throwIfAborted();

  const task = target.dataset.task;
  const { seeds, configurations, budget, finetune } = manifest.evidence;
  const reference = manifest.evidence.reference === undefined ? deadLeaves : null;
  const probes = probesOf(manifest);
  const budgetSeconds = secondsOf(budget);
  const fineTuning = probes.some(isTrainedProbe) ? planFineTuning(finetune, budgetSeconds) : null;
  const { text_encoder } = manifest.evidence;
  const textEncoder = text_encoder === undefined ? null : await planTextEncoder(text_encoder, locate);
  const cards = await readManifestCards(manifest, { base, roots: options.roots });
  const declared = declaredBy(
    cards,
    target.dataset,
    candidates.map(({ sample }) => sample?.dataset ?? null),
  );
  const plan = {
    seed: options.seed,
    targetName: manifest.target.name,
    target,
    task,
    metric,
    candidates,
    encoders,
    reference,
    seeds,
    configurations,
    probes,
    fineTuning,
    budgetSeconds,
    declared,
    textEncoder,
    provenance: provenanceOf(manifest, cards),
  };
  const digest = digestOf({
    planVersion,
    program: version,
    seed: plan.seed,
    task,
    metric,
    seeds,
    configurations,
    probes,
    fineTuning,
    declared,
    // Absent where there is none, so that what was measured before there could be one still counts.
    ...(textEncoder === null ? {} : { textEncoder: textEncoderKey(textEncoder) }),
    provenance: plan.provenance,
    acrossSplits: target.acrossSplits,
    test: target.test?.digest ?? null,
    listed: [target, ...candidates.map(({ sample }) => sample)].map((set) => set?.listed ?? null),
    targetName: plan.targetName,
    target: target.digest,
    candidates: candidates.map((c) => [c.id, c.network?.digest ?? null, c.sample?.digest ?? null]),
    encoders: encoders.map((e) => [e.id, e.network?.digest ?? null]),
    reference: reference?.digest ?? null,
  });
  return { plan: { ...plan, digest } };
}

/** Two classes or more among the images drawn: in one there is nothing to tell apart, so nothing to learn from. */
function isLabelled({ sample }: PlannedSet): boolean {
  return new Set(sample.flatMap(({ labels }) => labels)).size > 1;
}

function planFineTuning(
  { budget, seeds, learning_rates, epochs, batch, optimiser, augment, proxy }: FineTuningWishes,
  wholeBudget: number,
): PlannedFineTuning {
  return {
    budgetSeconds: Math.min(secondsOf(budget), wholeBudget),
    seeds,
    learningRates: learning_rates,
    epochs,
    batch,
    optimiser,
    augment,
    proxy: proxy === 'off' ? null : proxy,
    pretrainingSteps: pretraining.steps,
  };
}

/** Whether a candidate's own images stand in for its weights: a built-in network is pretrained on them here. */
export function isProxied(
  { task, fineTuning }: Pick<Plan, 'task' | 'fineTuning'>,
  { network, labelled }: Pick<PlannedCandidate, 'network' | 'labelled'>,
): boolean {
  return task !== 'unlabelled' && network === null && labelled && (fineTuning?.proxy ?? null) !== null;
}

async function planEncoder(
  choice: EncoderChoice,
  network: (
    choice: Exclude<EncoderChoice, string>,
    preprocessing: Preprocessing | undefined,
  ) => Promise<PlannedNetwork>,
): Promise<PlannedEncoder> {
  return choice === 'scattering'
    ? { id: 'scattering', network: null }
    : { id: choice.id, network: await network(choice, choice.preprocessing) };
}

/** Paths are relative to the manifest, or to the repository when the manifest lies in its `.github` folder. */
export function dataBase(directory: string): string {
  const full = resolve(directory);
  return basename(full) === '.github' ? dirname(full) : full;
}

/** @throws dataset-invalid when the labels are of another task than the metric is for */
function metricFor({ task, classes }: Dataset, wanted: Metric | undefined): Metric | null {
  if (task === 'unlabelled') return null;
  const fitting: readonly Metric[] = metricsOf[task];
  if (wanted === undefined || fitting.includes(wanted)) return wanted ?? fitting[0]!;
  throw new TransferEvidenceError(
    'dataset-invalid',
    `${wanted} does not fit the target's ${classes.length} classes, a ${task} task. Allowed: ${fitting.join(', ')}.`,
  );
}

/** Seconds of a duration as in `15m`. */
function secondsOf(duration: string): number {
  const factor = { s: 1, m: 60, h: 3600 }[duration.at(-1)!] ?? Number.NaN;
  return Number(duration.slice(0, -1)) * factor;
}
