import { availableParallelism } from 'node:os';
import { isControl } from '../controls.ts';
import { labelIssues } from '../dataset/properties/label-issues.ts';
import type { Property } from '../dataset/properties/property.ts';
import { digestOf } from '../digest.ts';
import { TransferEvidenceError } from '../errors.ts';
import { metricsOf } from '../manifest/check-sources.ts';
import type { ProbeResult } from '../probe/run.ts';
import type { Natives } from '../runtime/natives.ts';
import type { ReadSet } from './describe-sets.ts';
import { drawLearningCurve } from './learning-curve.ts';
import type { Networks } from './networks.ts';
import type { Plan } from './plan.ts';
import { measureProbes, type ProbeRequest, type ProbeSubject } from './probes.ts';
import type { DatasetProperty, Evidence } from './schema.ts';
import type { Store } from './store.ts';
import { probeRequest } from './target-probes.ts';

interface Read {
  plan: Plan;
  networks: Networks;
  target: ReadSet | null;
  /** By candidate id. */
  sources: ReadonlyMap<string, ReadSet>;
}

interface ProbeOptions {
  threads: number;
  /** See RunOptions. */
  natives: string | undefined;
  progress: () => void;
  signal: AbortSignal;
}

/**
 * What takes a linear probe. Of the target: how many labels are in doubt and, where the manifest appeals to size, whether
 * more images would help; both by the candidate with the highest score, whose out-of-fold probabilities are kept. Of a
 * source's own labels only where the manifest appeals to their quality, by the first common encoder, as one cross-validation.
 */
export async function collectProbedProperties(
  read: Read,
  { measurements }: Pick<Evidence, 'measurements'>,
  store: Store,
  { natives, signal }: { natives: Natives; signal: AbortSignal },
): Promise<DatasetProperty[]> {
  const options: ProbeOptions = {
    threads: availableParallelism(),
    natives: natives.from['onnxruntime-node']?.folder,
    progress: () => undefined,
    signal,
  };
  const properties = await ofTarget(read, measurements, store, options);
  if (read.plan.declared.appeals.includes('label_quality'))
    for (const [about, set] of read.sources) properties.push(...(await ofSource(about, set, read, store, options)));
  return properties;
}

async function ofTarget(
  { plan, networks, target }: Read,
  measurements: Evidence['measurements'],
  store: Store,
  options: ProbeOptions,
): Promise<DatasetProperty[]> {
  const { task, metric } = plan;
  const best = measurements
    .filter(({ measure, candidate, estimate }) => measure === 'probe.linear' && estimate && !isControl(candidate))
    .reduce<Evidence['measurements'][number] | null>(
      (top, one) => (top === null || one.estimate!.value > top.estimate!.value ? one : top),
      null,
    );
  const own = best && networks.own.get(best.candidate);
  if (!own || target === null || metric === null || task === 'unlabelled') return [];
  const subject = { id: best.candidate, digest: own.digest, features: target.features.get(own.digest)! };
  const request = probeRequest({ plan, target, task, metric }, [subject]);
  // From the store, unless nothing can be kept there.
  const { results } = await measureProbes(request, store, options);
  const result = results.get(subject.id)!;
  const properties = [await doubted(request, result, subject.id)];
  if (plan.declared.appeals.includes('dataset_size'))
    properties.push(
      await unlessRefused({ property: 'learning_curve', unit: 'points', model: subject.id }, () =>
        drawLearningCurve(request, subject, result, store, options),
      ),
    );
  return properties.map((property) => ({ about: 'target', ...property }));
}

async function ofSource(
  about: string,
  set: ReadSet,
  { plan, networks }: Read,
  store: Store,
  options: ProbeOptions,
): Promise<DatasetProperty[]> {
  const dataset = plan.candidates.find(({ id }) => id === about)?.sample?.dataset;
  const encoder = networks.encoders[0];
  if (!dataset || !encoder || dataset.task === 'unlabelled') return [];
  const subject: ProbeSubject = {
    id: encoder.id,
    digest: encoder.digest,
    features: set.features.get(encoder.digest)!,
  };
  const { classes, task } = dataset;
  const property = await unlessRefused({ property: 'label_issues', unit: 'share', model: encoder.id }, async () => {
    const bare = set.images.filter(({ labels }) => labels.length === 0).length;
    if (bare > 0 && task !== 'multilabel')
      throw new TransferEvidenceError(
        'measure-refused',
        `Doubting labels needs a label on every image; ${bare} of ${set.images.length} have none. Sort them into classes or take them out.`,
      );
    const request: ProbeRequest = {
      subjects: [subject],
      labels: set.images.map(({ labels }) => labels),
      groups: set.groups,
      classes,
      task,
      metric: metricsOf[task][0],
      target: digestOf([set.digest, set.images.length]),
      repeats: 1,
      configurations: plan.configurations,
      seed: plan.seed,
    };
    const { results } = await measureProbes(request, store, options);
    return doubted(request, results.get(subject.id)!, encoder.id);
  });
  return [{ about, ...property }];
}

function doubted(
  { labels, groups, classes, task }: ProbeRequest,
  { predictions }: ProbeResult,
  model: string,
): Promise<Property> {
  return unlessRefused({ property: 'label_issues', unit: 'share', model }, async () =>
    labelIssues({ labels, groups, classes, task, predictions, model }),
  );
}

async function unlessRefused(
  { property, unit, model }: Pick<Property, 'property' | 'unit'> & { model: string },
  work: () => Promise<Property>,
): Promise<Property> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TransferEvidenceError) || error.code !== 'measure-refused') throw error;
    return { property, value: null, unit, n: 0, refused: error.message, details: { model } };
  }
}
