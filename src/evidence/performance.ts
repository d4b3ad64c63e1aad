import { availableParallelism } from 'node:os';
import { meanColourId } from '../controls.ts';
import { chosenDevice } from '../encoder/describe.ts';
import { TransferEvidenceError } from '../errors.ts';
import { runtimeProducts } from '../linear-algebra/runtime-products.ts';
import { isTrainedProbe } from '../measures.ts';
import type { Progress } from '../progress.ts';
import type { Device } from '../runtime/device.ts';
import type { Natives } from '../runtime/natives.ts';
import type { ReadSet } from './describe-sets.ts';
import { orOnProcessor } from './device-failure.ts';
import { probeFindings } from './findings.ts';
import { type FineTuningEvidence, measureFineTuning } from './fine-tuning.ts';
import { fineTuningFindings } from './fine-tuning-findings.ts';
import type { Networks } from './networks.ts';
import { isProxied, type Plan } from './plan.ts';
import { measureProbes } from './probes.ts';
import type { Estimate, Evidence, Metric, Task } from './schema.ts';
import type { Store } from './store.ts';
import { meanColours, measureTargetProbes, probeRequest } from './target-probes.ts';
import type { Timing } from './training-size.ts';
import { measureTransferability } from './transferability.ts';

export interface PerformanceOptions {
  timing?: Timing;
  store: Store;
  device: Device;
  natives: Natives;
  log: Progress;
  secondsLeft: () => number;
  signal: AbortSignal;
}

/** A labelled target, and what is asked of it. */
interface Question {
  plan: Plan;
  networks: Networks;
  target: ReadSet;
  /** Samples of candidates. */
  sources: ReadonlyMap<string, ReadSet>;
  task: Exclude<Task, 'unlabelled'>;
  metric: Metric;
}

/**
 * How well each candidate does on the target, by every probe that the plan asks for: into the draft.
 * @returns how many of its measurements were in the store
 */
export async function measurePerformance(
  { plan, networks, target, sources }: Pick<Question, 'plan' | 'networks' | 'sources'> & { target: ReadSet | null },
  draft: Evidence,
  options: PerformanceOptions,
): Promise<number> {
  const { task, metric } = plan;
  if (target === null || metric === null || task === 'unlabelled') return 0;
  const question: Question = { plan, networks, target, sources, task, metric };
  const linear = plan.probes.includes('probe.linear') && networks.own.size > 0;
  const { meanColour, known } = linear
    ? await linearProbe(question, draft, options)
    : { meanColour: await scoreOfMeanColour(question, options), known: 0 };
  const scored = await transferability(question, draft, options);
  const trained = await fineTune(question, meanColour, draft, options);
  if (trained) draft.findings.push(...fineTuningFindings(draft));
  return known + scored + (trained?.known ? trained.measurements.length : 0);
}

async function linearProbe(
  question: Question,
  draft: Evidence,
  { store, natives, log, signal }: PerformanceOptions,
): Promise<{ meanColour: Estimate | null; known: number }> {
  const probed = await unlessRefused(draft, ['probe.linear'], () =>
    measureTargetProbes(question, store, {
      threads: availableParallelism(),
      natives: natives.from['onnxruntime-node']?.folder,
      progress: (done, total) => log.step('Training linear probes', done, total),
      signal,
    }),
  );
  if (!probed) return { meanColour: null, known: 0 };
  draft.candidates.push(...probed.controls);
  draft.measurements.push(...probed.measurements);
  draft.comparisons.push(...probed.comparisons);
  draft.findings.push(...probeFindings(probed.evidence, [...question.networks.own.keys()]));
  return { meanColour: probed.evidence.scores.get(meanColourId) ?? null, known: probed.evidence.known.size };
}

/** Scores beside the probes: shown, never judged by. */
async function transferability(
  { plan, networks, target, task }: Question,
  draft: Evidence,
  { store, natives, log, signal }: PerformanceOptions,
): Promise<number> {
  const products = runtimeProducts(natives.onnxruntime!);
  const { measurements, comparisons, findings, known } = await measureTransferability(
    { networks, target, task, seed: plan.seed },
    store,
    { products, progress: (done, total) => log.step('Scoring transferability', done, total), signal },
  ).finally(() => products.close());
  draft.measurements.push(...measurements);
  draft.comparisons.push(...comparisons);
  draft.findings.push(...findings);
  return known;
}

async function fineTune(
  question: Question,
  meanColour: Estimate | null,
  draft: Evidence,
  options: PerformanceOptions,
): Promise<FineTuningEvidence | null> {
  const { plan } = question;
  const { fineTuning } = plan;
  const anyone = question.networks.own.size > 0 || plan.candidates.some((candidate) => isProxied(plan, candidate));
  if (fineTuning === null || !anyone) return null;
  const { natives, log, signal, secondsLeft } = options;
  const { device: chosen } = await chosenDevice(
    { device: options.device, onPassedOver: (passed, reason) => log.info(`${passed} is not used: ${reason}`) },
    natives.from['onnxruntime-node']!.folder,
  );
  const trained = await unlessRefused(draft, plan.probes.filter(isTrainedProbe), () =>
    orOnProcessor(
      { wanted: options.device, chosen },
      (device) =>
        measureFineTuning({ ...question, plan: { ...plan, fineTuning }, meanColour }, options.store, {
          natives,
          device,
          cores: availableParallelism(),
          secondsLeft,
          onStep: (what, done, total) => log.step(what, done, total),
          signal,
          ...(options.timing && { timing: options.timing }),
        }),
      { log, signal },
    ),
  );
  if (!trained) return null;
  const there = new Set(draft.candidates.map(({ id }) => id));
  draft.candidates.push(...trained.controls.filter(({ id }) => !there.has(id)));
  draft.measurements.push(...trained.measurements);
  draft.comparisons.push(...trained.comparisons);
  draft.probes.push(...trained.probes);
  return trained;
}

/** The shortcut alone, where no linear probe ran that has it. */
async function scoreOfMeanColour(
  question: Question,
  { store, natives, signal }: PerformanceOptions,
): Promise<Estimate | null> {
  try {
    const subject = { id: meanColourId, digest: meanColourId, features: meanColours(question.target) };
    const { scores } = await measureProbes(probeRequest(question, [subject]), store, {
      threads: availableParallelism(),
      natives: natives.from['onnxruntime-node']?.folder,
      progress: () => undefined,
      signal,
    });
    return scores.get(meanColourId) ?? null;
  } catch (error) {
    if (error instanceof TransferEvidenceError && error.code === 'measure-refused') return null;
    throw error;
  }
}

/** A target on which no probe can be trained leaves the other measures as they are. */
async function unlessRefused<T>(
  draft: Evidence,
  measures: Plan['probes'],
  measured: () => Promise<T>,
): Promise<T | null> {
  try {
    return await measured();
  } catch (error) {
    if (!(error instanceof TransferEvidenceError) || error.code !== 'measure-refused') throw error;
    for (const measure of measures)
      draft.findings.push({ code: 'measure_refused', about: 'target', measure, text: error.message });
    return null;
  }
}
