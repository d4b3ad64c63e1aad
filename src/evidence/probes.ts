import { digestOf } from '../digest.ts';
import type { Matrix } from '../matrix.ts';
import { chanceLevel } from '../probe/chance.ts';
import { compareProbes } from '../probe/compare.ts';
import { type ProbeProtocol, type ProbeResult, probeVersion, runProbes } from '../probe/run.ts';
import { groupedStratifiedFolds } from '../probe/splits.ts';
import type { Comparison, Estimate, Measurement, Metric, Reference, Task } from './schema.ts';
import type { Store } from './store.ts';

/** One set of features that a probe is trained on. */
export interface ProbeSubject {
  /** Unique: candidate id, `scratch`, `scratch of <candidate>`, `mean_colour`. */
  id: string;
  digest: string;
  features: Matrix;
}

export interface ProbeRequest {
  subjects: readonly ProbeSubject[];
  labels: number[][];
  groups: string[];
  classes: string[];
  task: Exclude<Task, 'unlabelled'>;
  metric: Metric;
  /** Digest of the labelled target images. */
  target: string;
  repeats: number;
  configurations: number;
  seed: number;
}

export interface ProbeEvidence {
  results: Map<string, ProbeResult>;
  scores: Map<string, Estimate>;
  comparisons: Comparison[];
  chance: number;
  /** By subject: digest of everything that determines its result. */
  keys: Map<string, string>;
  /** Subjects that the store had. */
  known: ReadonlySet<string>;
}

const folds = 5;

/** Trains and compares the probes; what the store holds is not trained again. */
export async function measureProbes(
  request: ProbeRequest,
  store: Store,
  options: {
    threads: number;
    /** See RunOptions. */
    natives?: string | undefined;
    progress: (done: number, total: number) => void;
    signal?: AbortSignal;
  },
): Promise<ProbeEvidence> {
  const { subjects, labels, groups, classes, task, metric, repeats, configurations, seed } = request;
  const protocol = protocolOf(request);
  const keys = new Map(
    subjects.map(({ id, digest }) => [
      id,
      digestOf({ probeVersion, digest, target: request.target, folds, repeats, configurations, seed, task, metric }),
    ]),
  );
  // By key: the same features under two names are trained on once.
  const found = new Map<string, ProbeResult>();
  const missing = new Map<string, ProbeSubject>();
  for (const subject of subjects) {
    const key = keys.get(subject.id)!;
    const known = (await store.readJson('probe', key)) as ProbeResult | undefined;
    if (known) found.set(key, known);
    else missing.set(key, subject);
  }
  const jobs = [...missing].map(([key, { features }]) => ({ id: key, features }));
  const fresh = await runProbes(jobs, protocol, {
    threads: options.threads,
    natives: options.natives,
    onProgress: options.progress,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  for (const [key, result] of fresh) {
    found.set(key, result);
    await store.writeJson('probe', key, result);
  }
  const results = new Map(subjects.map(({ id }) => [id, found.get(keys.get(id)!)!]));
  const compared = compareProbes({ results, protocol });
  const comparisons = [...compared.differences].map(([pair, estimate]): Comparison => {
    const [subject, object] = pair.split('\u0000') as [string, string];
    return {
      measure: 'probe.linear',
      subject,
      object,
      estimate,
      n: { target: labels.length, groups: new Set(groups).size },
      seed,
      key: digestOf([keys.get(subject), keys.get(object)]),
    };
  });
  return {
    results,
    scores: compared.scores,
    comparisons,
    chance: chanceLevel(metric, classes.length, commonestShare(labels, classes.length)),
    keys,
    known: new Set(subjects.map(({ id }) => id).filter((id) => !missing.has(keys.get(id)!))),
  };
}

/** What every subject of a request is put through. @throws measure-refused when a class has too few groups */
export function protocolOf(request: Omit<ProbeRequest, 'subjects' | 'target'>): ProbeProtocol {
  const { labels, groups, classes, task, metric, repeats, configurations, seed } = request;
  const splits = groupedStratifiedFolds({
    labels,
    groups,
    classes: classes.length,
    folds,
    repeats,
    seed,
    multilabel: task === 'multilabel',
  });
  return { labels, groups, classes: classes.length, task, metric, splits, configurations, seed };
}

/** The score of one candidate beside what it is read against. */
export function probeMeasurement(
  candidate: string,
  evidence: ProbeEvidence,
  request: ProbeRequest,
  controls: { scratch?: string; meanColour: string },
): Measurement {
  const result = evidence.results.get(candidate)!;
  const readAgainst: Reference[] = [{ name: 'chance', value: evidence.chance }];
  for (const [name, id] of [
    ['mean_colour', controls.meanColour],
    ['scratch', controls.scratch],
  ] as const) {
    const score = id === undefined || id === candidate ? undefined : scoreOf(id, evidence);
    if (score) readAgainst.push({ name, value: score.value, low: score.low, high: score.high });
  }
  return {
    measure: 'probe.linear',
    candidate,
    estimate: scoreOf(candidate, evidence)!,
    n: { target: request.labels.length, groups: new Set(request.groups).size },
    seed: request.seed,
    key: evidence.keys.get(candidate)!,
    readAgainst,
    details: {
      folds,
      repeats: request.repeats,
      configurations: request.configurations,
      converged: result.converged,
      metric: request.metric,
    },
  };
}

/** Every metric lies between 0 and 1, and so does what its interval can mean. */
function scoreOf(id: string, { scores }: ProbeEvidence): Estimate | undefined {
  const score = scores.get(id);
  return score && { ...score, low: Math.max(0, score.low), high: Math.min(1, score.high) };
}

function commonestShare(labels: readonly (readonly number[])[], classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (const own of labels) for (const label of own) counts[label]!++;
  return Math.max(...counts) / labels.length;
}
