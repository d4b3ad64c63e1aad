import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CollectOptions, collectEvidence } from '../../src/evidence/collect.ts';
import { type Plan, planEvidence } from '../../src/evidence/plan.ts';
import type { Evidence } from '../../src/evidence/schema.ts';
import { openStore } from '../../src/evidence/store.ts';
import { type LoadedManifest, loadManifest } from '../../src/manifest/load.ts';
import type { Problem } from '../../src/manifest/problem.ts';
import type { Manifest } from '../../src/manifest/schema.ts';
import type { Progress } from '../../src/progress.ts';
import { seededRandom } from '../../src/random.ts';
import { writePicture } from './pictures.ts';
import { meanOfChannels, type TinyBody, tinyNetwork } from './tiny-network.ts';

/** What a picture of a set looks like: its stripes, its mean grey value and the spread of its noise. */
interface Stripes {
  along: 'x' | 'y' | 'none';
  grey?: number;
  seed?: number;
}

const side = 16;

/** Grey pictures whose stripes of random phase lie one way. Mean colour tells two directions apart no better than chance. */
export async function drawStripes(folder: string, count: number, { along, grey = 128, seed = 0 }: Stripes) {
  for (let index = 0; index < count; index++) {
    const random = seededRandom(seed, 'stripes', along, grey, index);
    const phase = random.integer(4);
    const level = grey + 6 * random.normal();
    await writePicture(folder, `${String(index).padStart(3, '0')}.png`, [side, side], (x, y) => {
      const place = along === 'x' ? y : along === 'y' ? x : 0;
      const stripe = along === 'none' ? 0 : (place + phase) % 4 < 2 ? 40 : -40;
      const value = Math.min(255, Math.max(0, Math.round(level + stripe + 6 * random.normal())));
      return [value, value, value];
    });
  }
}

/**
 * Strength of the differences from row to row and from column to column: it sees which way stripes lie. Another tilt of
 * the filters is another network that sees nearly the same.
 */
const edges =
  (tilt: number): TinyBody =>
  (graph, input) => {
    const kernels = new Float32Array(2 * 3 * 2 * 2);
    for (let channel = 0; channel < 3; channel++) {
      kernels.set([tilt, 1, -1, -tilt], channel * 4);
      kernels.set([tilt, -1, 1, -tilt], 12 + channel * 4);
    }
    const found = graph.node('Conv', [input, graph.constant('edges.weight', kernels, [2, 3, 2, 2])]);
    const pooled = graph.node('GlobalAveragePool', [graph.node('Abs', [found])]);
    return graph.node('Flatten', [pooled], { axis: 1 });
  };

export const edgeNetwork = (tilt = 1) => tinyNetwork(['N', 3, side, side], 2, edges(tilt));
export const colourNetwork = () => tinyNetwork(['N', 3, side, side], 3, meanOfChannels);

/** Removes at the end of a test file what its tests share. */
interface Folders {
  make(prefix: string): Promise<string>;
  clear(): Promise<void>;
}

export function temporaryFolders(): Folders {
  const made: string[] = [];
  return {
    make: async (prefix) => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), `${prefix}-`)));
      made.push(folder);
      return folder;
    },
    clear: async () => {
      await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/**
 * A repository with real parts: a binary target of 20 + 20 striped pictures, samples `near` (the same look) and `far`
 * (bright, without stripes), networks `edges.onnx`, which sees stripes, and `colour.onnx`, which does not.
 */
export async function drawRepository(folder: string): Promise<void> {
  await drawStripes(join(folder, 'data/target/across'), 20, { along: 'x' });
  await drawStripes(join(folder, 'data/target/upright'), 20, { along: 'y' });
  await drawStripes(join(folder, 'data/near/a'), 15, { along: 'x', seed: 1 });
  await drawStripes(join(folder, 'data/near/b'), 15, { along: 'y', seed: 2 });
  await drawStripes(join(folder, 'data/far'), 30, { along: 'none', grey: 220 });
  await mkdir(join(folder, 'weights'), { recursive: true });
  await writeFile(join(folder, 'weights/edges.onnx'), edgeNetwork());
  await writeFile(join(folder, 'weights/colour.onnx'), colourNetwork());
}

export interface StripeManifest {
  target?: string;
  /** YAML flow mappings. */
  candidates?: string[];
  chosen?: string;
  /** YAML flow mappings. */
  claims?: string[];
  summary?: string;
  evidence?: string;
  rest?: string;
}

export const seesStripes = '{ id: edges, weights: weights/edges.onnx, sample: data/near }';
export const seesColour = '{ id: colour, weights: weights/colour.onnx, sample: data/far }';
export const edgesBeatColour =
  '{ id: C1, factor: performance, text: Edges transfer better., test: { measure: probe.linear, subject: edges, relation: greater_than, object: colour, margin: 0.05 } }';
export const nearIsCloser =
  '{ id: C2, factor: visual_similarity, text: Its sample is as dark as ours., test: { measure: visual.lightness, subject: edges, relation: closer_than, object: colour } }';

export function stripeManifest({
  target = 'data/target',
  candidates = [seesStripes, seesColour],
  chosen = 'edges',
  claims = [edgesBeatColour, nearIsCloser],
  summary = 'Its 2 filters answer to stripes.',
  evidence = '{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 40, seeds: 3, configurations: 2, reference: off, probes: [linear] }',
  rest = '',
}: StripeManifest = {}): string {
  return `version: 1
target:
  name: stripes
  data: ${target}
candidates:
${candidates.map((candidate) => `  - ${candidate}\n`).join('')}chosen: ${chosen}
justification:
  summary: ${summary}
${claims.length > 0 ? `  claims:\n${claims.map((claim) => `    - ${claim}\n`).join('')}` : ''}evidence: ${evidence}
${rest}`;
}

export async function writeFiles(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

type Loaded = LoadedManifest & { manifest: Manifest };

async function loadText(folder: string, text: string, file = 'transfer.yml'): Promise<Loaded> {
  await writeFiles(folder, { [file]: text });
  const loaded = await loadManifest(file, { base: folder });
  if (loaded.manifest === null) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded as Loaded;
}

interface PlanCall {
  seed?: number;
  roots?: string[];
  cacheDir: string;
  file?: string;
}

/** The plan, or the problems in its way, of a manifest's text that is put into the repository. */
export async function planText(
  folder: string,
  text: string,
  { seed = 0, roots = [], cacheDir, file = 'transfer.yml' }: PlanCall,
): Promise<{ loaded: Loaded; plan: Plan | null; problems: Problem[] }> {
  const loaded = await loadText(folder, text, file);
  const planned = await planEvidence(loaded, { roots: [folder, ...roots], seed, offline: true, cacheDir });
  return 'plan' in planned
    ? { loaded, plan: planned.plan, problems: [] }
    : { loaded, plan: null, problems: planned.problems };
}

/** What a run told: every step's name, once, and how many units it had. */
interface Told extends Progress {
  lines: string[];
  steps: Map<string, number>;
}

export function listen(onStep: (name: string, done: number, total: number) => void = () => {}): Told {
  const lines: string[] = [];
  const steps = new Map<string, number>();
  return {
    lines,
    steps,
    info: (text) => lines.push(text),
    step: (name, done, total) => {
      steps.set(name, total);
      onStep(name, done, total);
    },
  };
}

export interface Run {
  evidence: Evidence | null;
  problems: Problem[];
  cached: boolean;
  told: Told;
  loaded: Loaded;
}

/** Plans and measures with a store. */
export async function measureText(
  folder: string,
  text: string,
  store: string,
  {
    seed = 0,
    change = (plan) => plan,
    told = listen(),
    ...options
  }: { seed?: number; change?: (plan: Plan) => Plan; told?: Told } & Partial<CollectOptions> = {},
): Promise<Run> {
  const { loaded, plan, problems } = await planText(folder, text, { seed, cacheDir: store });
  if (plan === null) return { evidence: null, problems, cached: false, told, loaded };
  const collected = await collectEvidence(change(plan), loaded, {
    store: openStore(store),
    device: 'cpu',
    offline: true,
    workspace: folder,
    log: told,
    ...options,
  });
  return { ...collected, told, loaded };
}

/** Evidence without its timings: what two runs must share to the last byte. */
export const bytesOf = (evidence: Evidence | null): string => JSON.stringify({ ...evidence, timings: null }, null, 1);
