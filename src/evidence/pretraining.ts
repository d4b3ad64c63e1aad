import { builtInNetwork } from '../encoder/built-in/index.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { Sharp } from '../runtime/require-native.ts';
import type { ReadSet } from './describe-sets.ts';
import { isProxied, type Plan, type PlannedFineTuning } from './plan.ts';
import { keptProxy, openToPretrain, type ProxyRequest, pretrainedProxy, pretraining, readTaught } from './proxies.ts';
import { cannotBeTrained } from './starting-network.ts';
import { type Timing, timedOnAll } from './training-size.ts';
import type { TrainingMeans, TrainingTask } from './training-task.ts';

/** A proxy for each candidate that has labelled images and no weights, in the manifest's order. */
export function wantedProxies(
  plan: Plan & { fineTuning: PlannedFineTuning },
  sources: ReadonlyMap<string, Pick<ReadSet, 'images'>>,
  sharp: Sharp,
): ProxyRequest[] {
  const candidates = plan.candidates.filter((candidate) => isProxied(plan, candidate));
  if (candidates.length === 0) return [];
  const start = builtInNetwork(plan.fineTuning.proxy!, plan.seed);
  return candidates.map((candidate) => ({ start, candidate, images: sources.get(candidate.id)!.images, sharp }));
}

/** The proxies that the store has, by candidate, and those that have to be pretrained. */
export async function keptProxies(
  wanted: readonly ProxyRequest[],
  task: TrainingTask,
  { store }: Pick<TrainingMeans, 'store'>,
): Promise<{ kept: Map<string, Encoder>; missing: ProxyRequest[] }> {
  const kept = new Map<string, Encoder>();
  for (const request of wanted) {
    const found = await keptProxy(request, task, store);
    if (found) kept.set(request.candidate.id, found);
  }
  return { kept, missing: wanted.filter(({ candidate }) => !kept.has(candidate.id)) };
}

/**
 * Seconds that pretraining is expected to take, found by timing a few steps for one candidate: network and steps are the same for all.
 * Reading the images is not among them, as it is not for the target's.
 * @param sideBySide how many are pretrained at a time
 */
export async function secondsOfPretraining(
  missing: readonly ProxyRequest[],
  task: TrainingTask,
  means: Pick<TrainingMeans, 'threads' | 'onStep' | 'signal'>,
  { timing, sideBySide }: { timing: Timing; sideBySide: number },
): Promise<number> {
  for (const request of missing)
    try {
      means.onStep('Timing pretraining', 1, 1);
      // How many images there are changes nothing of a step.
      const few = await readTaught(request, { most: pretraining.batch, signal: means.signal });
      const { secondsPerStep } = await timedOnAll(means.threads, async (thread) => {
        await openToPretrain(request, few, thread, task);
        return timing(thread.trainer, { subject: request.candidate.id, measure: 'pretraining' });
      });
      return Math.ceil(missing.length / sideBySide) * task.fineTuning.pretrainingSteps * secondsPerStep;
    } catch (error) {
      if (!cannotBeTrained(error)) throw error;
    }
  return 0;
}

/** Pretrains what the store has not; side by side, as all training is. */
export async function pretrainProxies(
  wanted: readonly ProxyRequest[],
  task: TrainingTask,
  means: TrainingMeans,
): Promise<{ encoders: Map<string, Encoder>; refused: Map<string, string> }> {
  const { kept: found, missing } = await keptProxies(wanted, task, means);
  const refused = new Map<string, string>();
  const done = new Map<string, number>();
  const total = missing.length * task.fineTuning.pretrainingSteps;
  await means.threads.each(missing, async (request, thread) => {
    const { id } = request.candidate;
    const onProgress = (steps: number) => {
      done.set(id, steps);
      means.onStep(
        'Pretraining proxies',
        [...done.values()].reduce((sum, own) => sum + own, 0),
        total,
      );
    };
    try {
      found.set(id, await pretrainedProxy(request, thread, task, { ...means, onProgress }));
    } catch (error) {
      if (!cannotBeTrained(error)) throw error;
      refused.set(id, error.message);
    }
  });
  // In the manifest's order, whichever was done first.
  const encoders = new Map(
    wanted.flatMap(({ candidate: { id } }) => (found.has(id) ? [[id, found.get(id)!] as const] : [])),
  );
  return { encoders, refused };
}
