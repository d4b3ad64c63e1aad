import { readNetworkImages } from '../encoder/network-pixels.ts';
import { isTrainedProbe, type TrainedProbe } from '../measures.ts';
import type { RunningDevice } from '../runtime/device.ts';
import type { Natives } from '../runtime/natives.ts';
import { loweringFor } from '../training/lowering.ts';
import { TrainThreads } from '../training/train-threads.ts';
import type { ReadSet } from './describe-sets.ts';
import type { Networks } from './networks.ts';
import type { Plan, PlannedFineTuning } from './plan.ts';
import { keptProxies, pretrainProxies, secondsOfPretraining, wantedProxies } from './pretraining.ts';
import { unpretrainedProxy } from './proxies.ts';
import { Recent } from './recent.ts';
import type { Estimate, Evidence, Metric, Task } from './schema.ts';
import { sideBySideOn } from './side-by-side.ts';
import type { Store } from './store.ts';
import { type TrainedSubject, trainedSubjects, worthTraining } from './trained-subjects.ts';
import { refusedMeasurement, type TrainingContext, trainingEvidence } from './training-evidence.ts';
import { leastSeeds, pixelKey } from './training-protocol.ts';
import { trainRuns } from './training-runs.ts';
import { refusedBy, type Timing, type TrainingSize, trainingSize } from './training-size.ts';
import { splitsOf, type TrainingMeans, type TrainingTask, trainingTask } from './training-task.ts';

export interface FineTuningRequest {
  plan: Plan & { fineTuning: PlannedFineTuning };
  networks: Networks;
  target: ReadSet;
  /** Samples of candidates. */
  sources: ReadonlyMap<string, ReadSet>;
  task: Exclude<Task, 'unlabelled'>;
  metric: Metric;
  /** What the mean colour of each image alone scores. */
  meanColour: Estimate | null;
}

export interface FineTuningOptions {
  natives: Natives;
  device: RunningDevice;
  cores: number;
  /** Of the whole run, before its time limit. */
  secondsLeft: () => number;
  timing?: Timing;
  onStep: (what: string, done: number, total: number) => void;
  signal: AbortSignal;
}

export type FineTuningEvidence = Pick<Evidence, 'measurements' | 'comparisons' | 'probes'> & {
  controls: Evidence['candidates'];
  /** Whether every training run was in the store. */
  known: boolean;
};

/**
 * The probes that train: every candidate's network, every proxy and one random twin an architecture, on the same splits, in the same
 * order, as often and as long. How much of it fits the budget, beside the pretraining of proxies, is found by timing a few steps.
 * @throws measure-refused when the target cannot be divided
 */
export async function measureFineTuning(
  request: FineTuningRequest,
  store: Store,
  options: FineTuningOptions,
): Promise<FineTuningEvidence> {
  const { natives, device, cores, onStep, signal } = options;
  // On a processor runs side by side, one core each, are done sooner than one after the other on all cores; and numbers do
  // not depend on how many cores there are.
  const sideBySide = device === 'cpu' ? sideBySideHere(cores, request) : 1;
  // Decided once: what the evidence says ran is what every thread is told to run.
  const lowering = await loweringFor(device, natives.onnxruntime!);
  const task = trainingTask(request, { device, threads: device === 'cpu' ? 1 : cores, lowering });
  const threads = new TrainThreads(natives.from['onnxruntime-node']!.folder, sideBySide);
  const pixels = new Recent<Float32Array>(2);
  const means: TrainingMeans = {
    threads,
    pixels: (demand) =>
      pixels.get(pixelKey(demand), () =>
        readNetworkImages(request.target.images, demand, natives.sharp!, {
          onProgress: (done, total) => onStep('Reading images to train on', done, total),
          signal,
        }),
      ),
    starts: new Recent(2 * sideBySide),
    store,
    onStep,
    signal,
  };
  try {
    return await measure(request, task, means, { ...options, sideBySide });
  } finally {
    await threads.close();
  }
}

async function measure(
  request: FineTuningRequest,
  task: TrainingTask,
  means: TrainingMeans,
  options: FineTuningOptions & { sideBySide: number },
): Promise<FineTuningEvidence> {
  const { plan, networks } = request;
  const measures = plan.probes.filter(isTrainedProbe);
  const result: FineTuningEvidence = { measurements: [], comparisons: [], probes: [], controls: [], known: true };
  // Whether the target can be divided is known before anything is trained.
  splitsOf(task, { seeds: leastSeeds, images: task.protocol.labels.length });
  const { timing = (trainer) => trainer.measure(), secondsLeft, sideBySide, natives } = options;
  const wanted = wantedProxies(plan, request.sources, natives.sharp!);
  const unpretrained = new Map(wanted.map((one) => [one.candidate.id, unpretrainedProxy(one, task)]));
  const subjectsWith = (proxies: Parameters<typeof trainedSubjects>[1]) =>
    trainedSubjects(networks, proxies, {
      fineTuning: plan.fineTuning,
      seed: plan.seed,
      runtime: natives.onnxruntime!,
    });
  // Decided before anything is pretrained, on what is known by then: the decision is the same whichever proxies the store has.
  const size = await trainingSize(subjectsWith(unpretrained), measures, task, means, {
    timing,
    secondsLeft,
    sideBySide,
    secondsBefore: async () => {
      const { missing } = await keptProxies(wanted, task, means);
      return secondsOfPretraining(missing, task, means, { timing, sideBySide });
    },
  });
  const proxies =
    size.run === null
      ? { encoders: unpretrained, refused: new Map<string, string>() }
      : await pretrainProxies(wanted, task, means);
  for (const measure of measures)
    for (const [id, text] of proxies.refused)
      result.measurements.push(
        refusedMeasurement({ id, measure, text }, { network: 'none', proxy: plan.fineTuning.proxy }, task),
      );
  const subjects = subjectsWith(proxies.encoders);
  if (subjects.length === 0) return result;
  const context: TrainingContext = { task, meanColour: request.meanColour };
  for (const measure of measures) await measureOne(measure, { subjects, size, context, means }, result);
  const scored = new Set(result.measurements.map(({ candidate }) => candidate));
  for (const { id, twin } of subjects)
    if (id === twin && scored.has(id)) result.controls.push({ id, role: 'control', weights: null, sample: null });
  return result;
}

/** Trains all subjects for one probe: into the result. */
async function measureOne(
  measure: TrainedProbe,
  {
    subjects,
    size,
    context,
    means,
  }: { subjects: readonly TrainedSubject[]; size: TrainingSize; context: TrainingContext; means: TrainingMeans },
  into: FineTuningEvidence,
): Promise<void> {
  const { task } = context;
  const { wanted: planned, run, neededSeconds } = size;
  const { budgetSeconds } = task.fineTuning;
  const refused = refusedBy(measure, size.refused);
  let runs = 0;
  if (run !== null) {
    const splits = splitsOf(task, run);
    const able = worthTraining(subjects, refused).map((subject) => ({
      ...subject,
      learningRates: middle(subject.learningRates, run.learningRates),
    }));
    const trained = await trainRuns(able, measure, { splits, steps: run.steps }, task, means);
    for (const [id, text] of trained.refused) refused.set(id, text);
    const { measurements, comparisons } = trainingEvidence(
      { measure, subjects: worthTraining(able, refused), chosen: trained.chosen, splits, size: run },
      context,
    );
    into.measurements.push(...measurements);
    into.comparisons.push(...comparisons);
    into.known &&= trained.fresh === 0;
    runs = trained.runs;
  }
  into.probes.push({ measure, planned, run, budgetSeconds, neededSeconds, runs });
  const helped = new Set(worthTraining(subjects, refused).map(({ twin }) => twin));
  for (const { id, twin, proxy, digest } of subjects) {
    const text = refused.get(id);
    // Of a control that nobody would have been compared with there is nothing to tell.
    if (text !== undefined && (id !== twin || helped.has(twin)))
      into.measurements.push(refusedMeasurement({ id, measure, text }, { network: digest(0), proxy }, task));
  }
}

function sideBySideHere(cores: number, { networks, target, plan }: FineTuningRequest): number {
  const machine = { cores, freeBytes: process.availableMemory() };
  return sideBySideOn(machine, networks.own.values(), { images: target.images.length, batch: plan.fineTuning.batch });
}

/** The middle of a grid of rates. */
function middle(rates: readonly number[], count: number): number[] {
  const from = Math.floor((rates.length - count) / 2);
  return rates.slice(from, from + count);
}
