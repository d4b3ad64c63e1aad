import { meanColourId, scratchId, scratchOf } from '../controls.ts';
import { digestOf } from '../digest.ts';
import { type Matrix, matrix, selectRows } from '../matrix.ts';
import { visualMeasureOf, visualSlice } from '../similarity/visual/index.ts';
import type { ReadSet } from './describe-sets.ts';
import type { Networks } from './networks.ts';
import type { Plan } from './plan.ts';
import { measureProbes, type ProbeEvidence, type ProbeRequest, type ProbeSubject, probeMeasurement } from './probes.ts';
import type { Comparison, Evidence, Measurement, Metric, Task } from './schema.ts';
import { drawName, withDrawsMerged } from './scratch-draws.ts';
import type { Store } from './store.ts';

export interface TargetProbeRequest {
  plan: Plan;
  networks: Networks;
  target: ReadSet;
  task: Exclude<Task, 'unlabelled'>;
  metric: Metric;
}

/**
 * The linear probe on every candidate's own features, and on the controls that always run beside it: the same network
 * with random weights (`scratch`, the mean of several draws) and the mean colour of each image (`mean_colour`).
 */
export async function measureTargetProbes(
  { plan, networks, target, task, metric }: TargetProbeRequest,
  store: Store,
  options: Parameters<typeof measureProbes>[2],
): Promise<{
  evidence: ProbeEvidence;
  measurements: Measurement[];
  comparisons: Comparison[];
  controls: Evidence['candidates'];
}> {
  const candidates = [...networks.own.keys()];
  // One architecture has one control, named `scratch`; of several, each candidate is compared with its own.
  const architectures = new Set(networks.random.values());
  const twinName = (candidate: string) => (architectures.size === 1 ? scratchId : scratchOf(firstWith(candidate)));
  const firstWith = (candidate: string) =>
    candidates.find((id) => networks.random.get(id) === networks.random.get(candidate))!;

  const subjects = new Map<string, ProbeSubject>();
  for (const id of candidates) {
    const own = networks.own.get(id)!;
    subjects.set(id, { id, digest: own.digest, features: target.features.get(own.digest)! });
    for (const [draw, { digest }] of networks.random.get(id)!.entries()) {
      const name = drawName(twinName(id), draw);
      subjects.set(name, { id: name, digest, features: target.features.get(digest)! });
    }
  }
  subjects.set(meanColourId, { id: meanColourId, digest: meanColourId, features: meanColours(target) });

  const request = probeRequest({ plan, target, task, metric }, [...subjects.values()]);
  const twins = [...new Set(candidates.map(twinName))];
  const evidence = withDrawsMerged(await measureProbes(request, store, options), twins);
  const controls = [...twins, meanColourId];
  return {
    evidence,
    measurements: [
      ...candidates.map((id) =>
        probeMeasurement(id, evidence, request, { scratch: twinName(id), meanColour: meanColourId }),
      ),
      ...controls.map((id) => probeMeasurement(id, evidence, request, { meanColour: meanColourId })),
    ],
    comparisons: evidence.comparisons.flatMap((comparison) => renamed(comparison, candidates, twinName)),
    controls: controls.map((id) => ({ id, role: 'control' as const, weights: null, sample: null })),
  };
}

/** A linear probe of these subjects on the target, as the plan wants it. */
export function probeRequest(
  { plan, target, task, metric }: Omit<TargetProbeRequest, 'networks'>,
  subjects: readonly ProbeSubject[],
): ProbeRequest {
  return {
    subjects,
    labels: target.images.map(({ labels }) => labels),
    groups: target.groups,
    classes: plan.target.dataset.classes,
    task,
    metric,
    target: digestOf([target.digest, target.images.length]),
    repeats: plan.seeds,
    configurations: plan.configurations,
    seed: plan.seed,
  };
}

/** Claims say `scratch` and mean the subject's own network: of several random twins only that comparison has the name. */
export function renamed(
  comparison: Comparison,
  candidates: readonly string[],
  twinName: (id: string) => string,
): Comparison[] {
  const { subject, object } = comparison;
  const named = (twin: string) => (twin === scratchId ? {} : { twin });
  if (candidates.includes(subject) && object === twinName(subject))
    return [{ ...comparison, object: scratchId, ...named(object) }];
  if (candidates.includes(object) && subject === twinName(object))
    return [{ ...comparison, subject: scratchId, ...named(subject) }];
  return [comparison];
}

/** L*, a*, b* of every image: what is left when only the mean colour is looked at. */
export function meanColours({ visual, images }: ReadSet): Matrix<Float64Array> {
  const colours = (['visual.lightness', 'visual.green_red', 'visual.blue_yellow'] as const).map((name) => {
    const slice = visualSlice(visual!, name);
    return images.map((_, row) => visualMeasureOf(name).mean!(selectRows(slice, [row])));
  });
  return matrix(Float64Array.from(images.flatMap((_, row) => colours.map((means) => means[row]!))), images.length, 3);
}
