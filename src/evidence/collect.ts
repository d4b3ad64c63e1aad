import { isInfrastructure, TransferEvidenceError } from '../errors.ts';
import { runtimeProducts } from '../linear-algebra/runtime-products.ts';
import type { LoadedManifest } from '../manifest/load.ts';
import type { Problem } from '../manifest/problem.ts';
import type { Manifest } from '../manifest/schema.ts';
import type { Progress } from '../progress.ts';
import type { Device } from '../runtime/device.ts';
import { loadNatives, type Natives } from '../runtime/natives.ts';
import { describeSet, imageSetOf, type ReadSet } from './describe-sets.ts';
import { measureDiversity } from './diversity.ts';
import { environment } from './environment.ts';
import { planFindings, refusalFindings } from './findings.ts';
import { checkIntegrity } from './integrity.ts';
import { type Networks, readNetworks } from './networks.ts';
import { identityOf, readOtherTargets, rememberTarget } from './other-targets.ts';
import { measurePerformance } from './performance.ts';
import type { Plan } from './plan.ts';
import { collectProbedProperties } from './probed-properties.ts';
import { collectProperties } from './properties.ts';
import { describeReference } from './reference.ts';
import { type Evidence, evidenceSchema, type Finding } from './schema.ts';
import { collectSemantics } from './semantic.ts';
import { measureSimilarity } from './similarity.ts';
import type { Store } from './store.ts';
import { compareLabelNames } from './text-encoder.ts';
import type { Timing } from './training-size.ts';

export interface CollectOptions {
  store: Store;
  device: Device;
  offline: boolean;
  /** Directory with a local copy of the native packages. */
  localCopy?: string;
  workspace: string;
  log: Progress;
  timing?: Timing;
  signal?: AbortSignal;
}

export interface Collected {
  evidence: Evidence | null;
  /** What the author of the manifest has to mend before anything can be measured. */
  problems: Problem[];
  cached: boolean;
}

/** Milliseconds, about 24 days: a timer set to more fires at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Measures what the plan asks for. What the store holds is not measured again; what was measured before trouble came
 * stays in the store, so that the next run goes on from there.
 */
export async function collectEvidence(
  plan: Plan,
  loaded: Pick<LoadedManifest, 'locate'>,
  options: CollectOptions,
): Promise<Collected> {
  const identity = identityOf(plan);
  // Not kept with the evidence: what was measured elsewhere since then belongs to it too.
  const besideOtherTargets = async (evidence: Evidence): Promise<Evidence> => {
    const otherTargets = await readOtherTargets(identity, evidence, options.store);
    return otherTargets === undefined ? evidence : { ...evidence, otherTargets };
  };
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 100) / 10;
  const known = evidenceSchema.safeParse(await options.store.readJson('evidence', plan.digest));
  if (known.success) {
    options.log.info('Unchanged: all that is asked for was measured before.');
    // Timings and all: they say how it was measured, and the comment stays the same to the letter.
    return { evidence: await besideOtherTargets(known.data), problems: [], cached: true };
  }

  const limit = AbortSignal.timeout(Math.min(plan.budgetSeconds * 1000, longestTimer));
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const draft = emptyEvidence(plan);
  try {
    const secondsLeft = () => plan.budgetSeconds - (performance.now() - started) / 1000;
    const problems = await measure(plan, loaded, { ...options, signal, secondsLeft }, draft);
    if (problems.length > 0) return { evidence: null, problems, cached: false };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    const trouble = limit.aborted ? timeOut(plan.budgetSeconds) : error;
    if (!isInfrastructure(trouble)) throw trouble;
    draft.findings.push({ code: 'infrastructure', about: 'run', text: (trouble as Error).message });
  }
  draft.timings.seconds = seconds();
  const evidence = evidenceSchema.parse(draft);
  // A faster machine, or one with more time, may do what this one could not.
  if (!evidence.findings.some(({ code }) => code === 'infrastructure' || code === 'budget_too_small'))
    await options.store.writeJson('evidence', plan.digest, evidence);
  await rememberTarget(identity, evidence, options.store);
  return { evidence: await besideOtherTargets(evidence), problems: [], cached: false };
}

function timeOut(seconds: number): TransferEvidenceError {
  return new TransferEvidenceError(
    'time-out',
    `The time budget of ${Math.round(seconds / 60)} min ran out. What was measured is kept: run again, or raise evidence.budget.`,
  );
}

async function measure(
  plan: Plan,
  loaded: Pick<LoadedManifest, 'locate'>,
  options: CollectOptions & { signal: AbortSignal; secondsLeft: () => number },
  draft: Evidence,
): Promise<Problem[]> {
  const { store, log, signal } = options;
  const problems: Problem[] = [];
  const attempt = async <T>(path: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransferEvidenceError) || isInfrastructure(error)) throw error;
      problems.push({ level: 'error', code: error.code, path, location: loaded.locate(path), message: error.message });
      return null;
    }
  };

  const natives = await loadNatives({
    need: ['onnxruntime-node', 'sharp'],
    localCopy: options.localCopy,
    workspace: options.workspace,
    offline: options.offline,
    log: (line) => log.info(line),
  });
  const networks = await readNetworks(plan, attempt);
  const sets = await readSets(plan, networks, { ...options, natives, attempt });
  if (problems.length > 0) return problems;
  const integrity = await checkIntegrity({ plan, networks, ...sets }, { store, natives, log, signal });
  sets.target = integrity.target;

  draft.encoders = networks.encoders.map(({ id, digest, dimension, sees, notes }) => ({
    id,
    digest,
    dimension,
    sees,
    notes,
  }));
  draft.target.set = imageSetOf(plan.target, sets.target);
  draft.candidates = plan.candidates.map(({ id, sample }) => {
    const own = networks.own.get(id);
    return {
      id,
      role: 'candidate',
      weights: own
        ? {
            digest: own.digest,
            input: [own.channels, own.height, own.width],
            features: own.output,
            dimension: own.dimension,
            parameters: own.parameters,
            notes: [...own.notes, ...[integrity.notes.get(id) ?? []].flat()],
          }
        : null,
      sample: sample && imageSetOf(sample, sets.sources.get(id) ?? null),
    };
  });
  draft.findings.push(...planFindings(plan), ...unreadableFindings(sets), ...integrity.findings);
  const declared = collectSemantics(plan, sets);
  draft.semantic = declared.semantic;
  draft.findings.push(...declared.findings);
  if (plan.textEncoder) {
    const compared = await compareLabelNames(plan.textEncoder, draft.semantic, { store, natives, signal });
    draft.semantic = draft.semantic.map((table) => {
      const names = compared.names.get(table.candidate);
      return names === undefined ? table : { ...table, names };
    });
    if (compared.textEncoder) draft.textEncoder = compared.textEncoder;
    draft.findings.push(...compared.findings);
  }
  draft.properties = collectProperties(plan, sets);

  if (sets.sources.size > 0 && sets.target) {
    const reference =
      plan.reference &&
      (await describeReference(plan.reference, networks.encoders, store, {
        device: options.device,
        natives: natives.from,
        sharp: natives.sharp!,
        onProgress: (done, total) => log.step('Reading the reference images', done, total),
        signal,
      }));
    const products = runtimeProducts(natives.onnxruntime!);
    try {
      const similar = await measureSimilarity(
        {
          target: sets.target,
          sources: sets.sources,
          encoders: networks.encoders,
          ...(reference && { reference }),
          seed: plan.seed,
          products,
        },
        (done, total) => log.step('Comparing image sets', done, total),
        signal,
      );
      draft.measurements.push(...similar.measurements);
      draft.comparisons.push(...similar.comparisons);
      draft.findings.push(...refusalFindings(similar.measurements));
      if (reference) {
        const { id, images, digest } = reference;
        draft.reference = { id, images, digest, ...similar.reference };
      }
      const [encoder] = networks.encoders;
      const described = new Map<string, ReadSet>([['target', sets.target], ...sets.sources]);
      const means = { seed: plan.seed, products, signal };
      if (encoder) draft.properties.push(...(await measureDiversity(encoder, described, means)));
    } finally {
      await products.close();
    }
  }
  const probesKnown = await measurePerformance({ plan, networks, ...sets }, draft, {
    store,
    device: options.device,
    natives,
    log,
    secondsLeft: options.secondsLeft,
    signal,
    ...(options.timing && { timing: options.timing }),
  });
  draft.properties.push(
    ...(await collectProbedProperties({ plan, networks, ...sets }, draft, store, { natives, signal })),
  );
  draft.timings.cached = probesKnown;
  draft.timings.measured = draft.measurements.length - probesKnown;
  const devices = new Set([
    ...[sets.target, ...sets.sources.values()].flatMap((set) => set?.devices ?? []),
    ...draft.measurements.flatMap(({ details }) => (typeof details.device === 'string' ? [details.device] : [])),
  ]);
  draft.environment = environment({
    device: [...devices].sort().join(', ') || 'none',
    onnxruntime: natives.from['onnxruntime-node']?.version ?? null,
    sharp: natives.from.sharp?.version ?? null,
  });
  return problems;
}

interface ReadSets {
  target: ReadSet | null;
  sources: Map<string, ReadSet>;
}

async function readSets(
  plan: Plan,
  networks: Networks,
  context: CollectOptions & {
    natives: Natives;
    attempt: <T>(path: string, work: () => Promise<T>) => Promise<T | null>;
  },
): Promise<ReadSets> {
  const { store, log, device, natives, signal, attempt } = context;
  const anySample = plan.candidates.some(({ sample }) => sample !== null);
  const describe = (name: string, path: string, request: Omit<Parameters<typeof describeSet>[0], 'path'>) =>
    attempt(path, () =>
      describeSet({ ...request, path }, store, {
        device,
        natives: natives.from,
        onProgress: (done, total) => log.step(`Reading ${name}`, done, total),
        onPassedOver: (passed, reason) => log.info(`${passed} is not used: ${reason}`),
        ...(signal ? { signal } : {}),
      }),
    );

  // What a linear probe needs; fine-tuning reads pixels.
  const linear = plan.probes.includes('probe.linear');
  const ownNetworks = new Map(
    (linear ? [...networks.own.values(), ...[...networks.random.values()].flat()] : []).map((encoder) => [
      [encoder, ...(encoder.heads ?? [])].map(({ digest }) => digest).join(),
      encoder,
    ]),
  );
  const target = await describe('the target', 'target.data', {
    set: plan.target,
    encoders: [...(anySample ? networks.encoders : []), ...ownNetworks.values()],
  });
  const sources = new Map<string, ReadSet>();
  for (const [index, { id, sample }] of plan.candidates.entries()) {
    if (sample === null) continue;
    const read = await describe(id, `candidates[${index}].sample`, {
      set: sample,
      encoders: networks.encoders,
    });
    if (read) sources.set(id, read);
  }
  return { target, sources };
}

function unreadableFindings({ target, sources }: ReadSets): Finding[] {
  return [...(target ? [['target', target] as const] : []), ...sources]
    .filter(([, set]) => set.unreadable.length > 0)
    .map(([about, { unreadable }]) => ({
      code: 'images_unreadable',
      about,
      text: `${unreadable.length} image${unreadable.length === 1 ? '' : 's'} could not be read and ${unreadable.length === 1 ? 'was' : 'were'} left out: ${unreadable
        .slice(0, 5)
        .map(({ id, reason }) => `${id} (${reason})`)
        .join('; ')}${unreadable.length > 5 ? '; …' : ''}.`,
    }));
}

/** Evidence before anything was measured. */
function emptyEvidence(plan: Pick<Plan, 'digest' | 'seed' | 'targetName' | 'task' | 'metric'>): Evidence {
  return {
    schema: 'transfer-evidence/evidence',
    version: 2,
    plan: plan.digest,
    seed: plan.seed,
    target: { name: plan.targetName, task: plan.task, metric: plan.metric, set: null },
    candidates: [],
    encoders: [],
    measurements: [],
    comparisons: [],
    reference: null,
    probes: [],
    findings: [],
    semantic: [],
    properties: [],
    environment: environment({ device: 'none', onnxruntime: null, sharp: null }),
    timings: { seconds: 0, cached: 0, measured: 0 },
  };
}

/** What is known when trouble came before there was a plan. */
export function withoutEvidence(manifest: Manifest, seed: number, trouble: Error): Evidence {
  const { name, task } = manifest.target;
  const empty = emptyEvidence({
    digest: '',
    seed,
    targetName: name,
    task: task?.type ?? 'unlabelled',
    metric: task?.metric ?? null,
  });
  return { ...empty, findings: [{ code: 'infrastructure', about: 'run', text: trouble.message }] };
}
