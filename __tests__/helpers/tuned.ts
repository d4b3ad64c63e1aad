import type { Comparison, Evidence, Measurement } from '../../src/evidence/schema.ts';
import type { Timing } from '../../src/evidence/training-size.ts';
import type { MeasureName } from '../../src/measures.ts';
import type { GraphBuilder } from '../../src/onnx/build.ts';
import { seededRandom } from '../../src/random.ts';
import { stripeManifest, writeFiles } from './stripes.ts';
import { type TinyBody, tinyNetwork } from './tiny-network.ts';

/** Speeds that are the same on every machine. */
export const steady: Timing = async () => ({ secondsPerStep: 1e-3, secondsPerImage: 1e-4 });

/** A manifest whose networks are trained in a second or two: three seeds, one learning rate, as few steps as there may be. */
export function tuned({
  probes = 'finetune',
  finetune = '',
  ...rest
}: { probes?: string; finetune?: string } & Omit<Parameters<typeof stripeManifest>[0] & object, 'evidence'>): string {
  return stripeManifest({
    claims: [],
    ...rest,
    evidence: `{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 200, seeds: 3, configurations: 1, reference: off, probes: [${probes}], finetune: { seeds: 3, learning_rates: 1, epochs: 1${finetune} } }`,
  });
}

export const weightsOnly = (...ids: string[]) => ids.map((id) => `{ id: ${id}, weights: weights/${id}.onnx }`);

export function scoreOf(
  evidence: Evidence | null,
  candidate: string,
  measure: MeasureName = 'probe.finetune',
): Measurement {
  const found = evidence!.measurements.find((m) => m.measure === measure && m.candidate === candidate);
  if (!found) throw new Error(`${candidate} was not measured by ${measure}.`);
  return found;
}

export const comparisonsOf = (evidence: Evidence | null, measure: MeasureName = 'probe.finetune'): Comparison[] =>
  evidence!.comparisons.filter((comparison) => comparison.measure === measure);

export const pairsOf = (evidence: Evidence | null, measure?: MeasureName): string[] =>
  comparisonsOf(evidence, measure).map(({ subject, object }) => `${subject} − ${object}`);

const side = 16;

/** How a network of {@link filters} differs from the plain one. */
export interface Variant {
  dims?: (number | string)[];
  /** Factors on the two kernels. */
  sizes?: [number, number];
  before?: TinyBody;
  /** Between the two convolutions. */
  between?: TinyBody;
  after?: TinyBody;
  seed?: number;
}

/** Two convolutions of 8 channels with ReLU between, and averages over space: the smallest network that can learn directions. */
export function filters({
  dims = ['N', 3, side, side],
  sizes = [1, 1],
  before = (_, input) => input,
  between = (_, maps) => maps,
  after = (_, features) => features,
  seed = 0,
}: Variant = {}): Uint8Array {
  const kernel = (graph: GraphBuilder, name: string, shape: number[], size: number) => {
    const random = seededRandom(seed, name);
    const length = shape.reduce((a, b) => a * b);
    const deviation = size * Math.sqrt((2 * shape[0]!) / length);
    return graph.constant(
      name,
      Float32Array.from({ length }, () => deviation * random.normal()),
      shape,
    );
  };
  const channels = dims[1] === 1 ? 1 : 3;
  return tinyNetwork(dims, 8, (graph, input) => {
    const pads = { pads: [1, 1, 1, 1] };
    const first = graph.node(
      'Conv',
      [before(graph, input), kernel(graph, 'first.weight', [8, channels, 3, 3], sizes[0])],
      pads,
    );
    const active = graph.node('Relu', [between(graph, first)]);
    const second = graph.node('Conv', [active, kernel(graph, 'second.weight', [8, 8, 3, 3], sizes[1])], pads);
    const pooled = graph.node('GlobalAveragePool', [graph.node('Relu', [second])]);
    return after(graph, graph.node('Flatten', [pooled], { axis: 1 }));
  });
}

/** Networks in the repository's `weights` folder. */
export const writeNetworks = (folder: string, networks: Record<string, Uint8Array>): Promise<void> =>
  writeFiles(
    folder,
    Object.fromEntries(Object.entries(networks).map(([id, network]) => [`weights/${id}.onnx`, network])),
  );
