import { type ManifestCards, readManifestCards } from './card/manifest-cards.ts';
import { isInfrastructure } from './errors.ts';
import { type Collected, collectEvidence, withoutEvidence } from './evidence/collect.ts';
import { dataBase, planEvidence } from './evidence/plan.ts';
import type { Evidence } from './evidence/schema.ts';
import { openStore } from './evidence/store.ts';
import { lint } from './manifest/lint.ts';
import { type LoadedManifest, loadManifest } from './manifest/load.ts';
import type { Problem } from './manifest/problem.ts';
import type { Manifest } from './manifest/schema.ts';
import type { Progress } from './progress.ts';
import { type ReportFiles, renderReport } from './report/index.ts';
import type { Device } from './runtime/device.ts';
import { decide } from './verdict/decide.ts';
import { judge } from './verdict/judge.ts';
import type { Decision, Verdicts } from './verdict/types.ts';

export interface ReviewOptions {
  /** `check` reads the manifest alone; `review` measures as well. */
  mode: 'check' | 'review';
  /** Path of the manifest, absolute or relative to `workspace`. */
  manifest: string;
  workspace: string;
  /** Directories beside the workspace that data and weights may lie in. */
  roots: string[];
  device: Device;
  seed: number;
  /** Nothing is fetched: neither weights nor native packages. */
  offline: boolean;
  /** Directory with a local copy of the native packages. */
  natives?: string;
  /** Where evidence, features and downloads are kept. */
  store: string;
  context: { commit: string | null; runUrl: string | null; today: string; reproduce: string; commentId?: string };
  log: Progress;
  signal?: AbortSignal;
}

export interface Review extends ReportFiles {
  manifestFile: string;
  decision: Decision;
  verdicts: Verdicts | null;
  evidence: Evidence | null;
  problems: Problem[];
  /** True when nothing had to be measured. */
  cached: boolean;
}

/** The whole path: manifest → plan → evidence → verdicts → decision → report. */
export async function review(options: ReviewOptions): Promise<Review> {
  const loaded = await loadManifest(options.manifest, { base: options.workspace });
  const roots = [options.workspace, dataBase(loaded.directory), ...options.roots];
  const cards = loaded.manifest
    ? await readManifestCards(loaded.manifest, { base: dataBase(loaded.directory), roots })
    : null;
  // Where a card says what the manifest leaves open, it is said.
  const manifest = cards?.manifest ?? null;
  const words = manifest ? lint(manifest, loaded.locate, options.context.today) : [];
  const measured =
    loaded.manifest && options.mode === 'review'
      ? await measure({ ...loaded, manifest: loaded.manifest }, roots, options)
      : { evidence: null, problems: cards ? cardProblems(cards, loaded) : [], cached: false };
  const problems = [...loaded.problems, ...words, ...measured.problems];
  const verdicts = manifest ? judge(manifest, measured.evidence) : null;
  const decision = decide({
    manifest,
    verdicts,
    problems,
    locate: loaded.locate,
    today: options.context.today,
    measured: options.mode === 'review',
    evidence: measured.evidence,
  });
  const report = renderReport({
    manifest,
    ...(cards && { cards }),
    manifestFile: loaded.file,
    evidence: measured.evidence,
    verdicts,
    decision,
    context: { ...options.context, mode: options.mode },
  });
  return {
    ...report,
    manifestFile: loaded.file,
    decision,
    verdicts,
    evidence: measured.evidence,
    problems: decision.problems,
    cached: measured.cached,
  };
}

/** What evidence tells as findings, where there is none. */
function cardProblems({ notes }: ManifestCards, { locate }: LoadedManifest): Problem[] {
  return notes.map(({ code, path, text }) => ({ level: 'note', code, path, location: locate(path), message: text }));
}

async function measure(
  loaded: LoadedManifest & { manifest: Manifest },
  roots: string[],
  options: ReviewOptions,
): Promise<Collected> {
  const { device, seed, offline, workspace, log, natives, signal } = options;
  let planned: Awaited<ReturnType<typeof planEvidence>>;
  try {
    planned = await planEvidence(loaded, {
      roots,
      seed,
      offline,
      cacheDir: options.store,
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!isInfrastructure(error)) throw error;
    return { evidence: withoutEvidence(loaded.manifest, seed, error as Error), problems: [], cached: false };
  }
  if ('problems' in planned) return { evidence: null, problems: planned.problems, cached: false };
  return collectEvidence(planned.plan, loaded, {
    store: openStore(options.store, options.log.info),
    device,
    offline,
    workspace,
    log,
    ...(natives === undefined ? {} : { localCopy: natives }),
    ...(signal ? { signal } : {}),
  });
}
