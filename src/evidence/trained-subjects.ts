import { scratchId, scratchOf } from '../controls.ts';
import { digestOf } from '../digest.ts';
import { type BuiltInNetwork, builtInNetwork } from '../encoder/built-in/index.ts';
import { calibrated } from '../encoder/calibrate.ts';
import { type Encoder, randomTwin } from '../encoder/encoder.ts';
import { elements, type Model } from '../onnx/model.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import { rateGrid } from '../probe/finetune/rates.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { dimsOf } from '../training/augmentation.ts';
import { drawSeed, type Networks } from './networks.ts';
import type { PlannedFineTuning } from './plan.ts';

/** A network that is trained on the target: a candidate's, a proxy's, or a control's. */
export interface TrainedSubject {
  /** Candidate or control. */
  id: string;
  /** How its network takes images, and where its features are. */
  encoder: Encoder;
  /** The id of its random twin; its own for the twin itself. */
  twin: string;
  /** The built-in network that stands in for weights, or null. */
  proxy: BuiltInNetwork | null;
  learningRates: number[];
  /** Digest of the network that a seed starts from. */
  digest(seedIndex: number): string;
  /**
   * That network, an ONNX file.
   * @param images of the target as the network takes them; `train`: those that this seed trains on
   */
  start(seedIndex: number, target: { images: Float32Array; train: readonly number[] }): Promise<Uint8Array>;
  /** Whether every seed starts from a network of its own. */
  redrawn: boolean;
}

/**
 * Everything that is trained: each candidate with weights, each proxy, and one random twin an architecture. Twins start from another
 * draw for each seed, so that a lucky or unlucky draw is not taken for what random initialisation is worth.
 * @param proxies pretrained built-in networks by candidate
 */
export function trainedSubjects(
  networks: Pick<Networks, 'own' | 'random'>,
  proxies: ReadonlyMap<string, Encoder>,
  { fineTuning, seed, runtime }: { fineTuning: PlannedFineTuning; seed: number; runtime: OnnxRuntime },
): TrainedSubject[] {
  const { optimiser, learningRates: count } = fineTuning;
  const subjects: TrainedSubject[] = [];
  const twins = new Map<string, string>();
  const architectures = new Set([...networks.own.keys()].map((id) => networks.random.get(id)));
  for (const [id, encoder] of networks.own) {
    const architecture = networks.random.get(id)![0]!.digest;
    const known = twins.get(architecture);
    const twin = known ?? (architectures.size === 1 ? scratchId : scratchOf(id));
    twins.set(architecture, twin);
    subjects.push(
      pretrained(id, encoder, { twin, proxy: null, learningRates: rateGrid(optimiser, 'pretrained', count) }),
    );
    if (known === undefined)
      subjects.push(randomTwinOf(twin, encoder, { seed, runtime, rates: rateGrid(optimiser, 'random', count) }));
  }
  const network = fineTuning.proxy;
  if (network === null || proxies.size === 0) return subjects;
  const [first] = proxies.keys();
  const twin = networks.own.size === 0 ? scratchId : scratchOf(first!);
  for (const [id, encoder] of proxies)
    subjects.push(
      pretrained(id, encoder, { twin, proxy: network, learningRates: rateGrid(optimiser, 'pretrained', count) }),
    );
  subjects.push(randomBuiltIn(twin, network, { seed, rates: rateGrid(optimiser, 'random', count) }));
  return subjects;
}

/** Those that can be trained; of the controls, those that a candidate will be compared with. */
export function worthTraining(
  subjects: readonly TrainedSubject[],
  refused: ReadonlyMap<string, string>,
): TrainedSubject[] {
  const able = subjects.filter(({ id }) => !refused.has(id));
  return able.filter(({ id, twin }) => id !== twin || able.some((other) => other.id !== id && other.twin === id));
}

function pretrained(
  id: string,
  encoder: Encoder,
  rest: Pick<TrainedSubject, 'twin' | 'proxy' | 'learningRates'>,
): TrainedSubject {
  return {
    id,
    encoder,
    ...rest,
    digest: () => encoder.digest,
    start: async () => encoder.model,
    redrawn: false,
  };
}

/** Images that random weights are scaled on. */
const calibrationImages = 32;

function randomTwinOf(
  id: string,
  encoder: Encoder,
  { seed, runtime, rates }: { seed: number; runtime: OnnxRuntime; rates: number[] },
): TrainedSubject {
  const draw = (seedIndex: number) => randomTwin(encoder, drawSeed(seed, seedIndex));
  const dims = [calibrationImages, ...dimsOf(encoder)];
  return {
    id,
    encoder,
    twin: id,
    proxy: null,
    learningRates: rates,
    digest: once((seedIndex) => digestOf(['calibrated', draw(seedIndex).digest])),
    start: async (seedIndex, { images, train }) => {
      const length = elements(dims) / calibrationImages;
      const data = new Float32Array(elements(dims));
      // Spread over the training images, which lie class by class.
      for (let i = 0; i < calibrationImages; i++) {
        const image = train[Math.floor((i * train.length) / calibrationImages)]!;
        data.set(images.subarray(image * length, (image + 1) * length), i * length);
      }
      const model = taking(readModel(draw(seedIndex).model), encoder.input, dims);
      return writeModel(await calibrated(model, { data, dims }, runtime));
    },
    redrawn: true,
  };
}

/** The same network, said to take a batch of this shape: many exporters write down the one that they were tried with. */
function taking(model: Model, input: string, dims: number[]): Model {
  const inputs = model.graph.inputs.map((info) =>
    info.name === input ? { ...info, tensor: { ...info.tensor!, dims } } : info,
  );
  return { ...model, graph: { ...model.graph, inputs } };
}

function randomBuiltIn(
  id: string,
  network: BuiltInNetwork,
  { seed, rates }: { seed: number; rates: number[] },
): TrainedSubject {
  const draw = (seedIndex: number) => builtInNetwork(network, drawSeed(seed, seedIndex));
  return {
    id,
    encoder: draw(0),
    twin: id,
    proxy: network,
    learningRates: rates,
    digest: once((seedIndex) => draw(seedIndex).digest),
    // As it is: the built-in networks are made to start from such weights.
    start: async (seedIndex) => draw(seedIndex).model,
    redrawn: true,
  };
}

/** Draws take time, and their digests are asked for again and again. */
function once(digest: (seedIndex: number) => string): (seedIndex: number) => string {
  const known = new Map<number, string>();
  return (seedIndex) => {
    const found = known.get(seedIndex) ?? digest(seedIndex);
    known.set(seedIndex, found);
    return found;
  };
}
