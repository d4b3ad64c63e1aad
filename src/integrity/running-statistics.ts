import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { originsOf } from '../onnx/constants.ts';
import { float32Of, type Model, type Tensor } from '../onnx/model.ts';
import { pruned } from '../onnx/prune.ts';

/** What a batch normalisation remembers of the images that its network was trained on. */
export interface NormalisationLayer {
  /** The tensor that it normalises, [N, C, …]. */
  tensor: string;
  /** By channel. */
  mean: Float64Array;
  variance: Float64Array;
  epsilon: number;
}

/**
 * The first batch normalisations of a network that hold running statistics, in the order in which they are computed.
 * @returns none where there are none: also for networks whose exporter folded them into the convolutions, as most exporters do on request
 */
export function normalisationLayers({ graph }: Model, most: number): NormalisationLayer[] {
  const origins = originsOf(graph);
  const found: NormalisationLayer[] = [];
  const seen = new Set<string>();
  for (const { op, domain, inputs, attributes } of graph.nodes) {
    if (found.length === most) break;
    if (op !== 'BatchNormalization' || domain !== '') continue;
    const [tensor = '', , , meanName = '', varianceName = ''] = inputs;
    const mean = floats(origins.constant(meanName));
    const variance = floats(origins.constant(varianceName));
    if (mean === undefined || variance === undefined || seen.has(tensor)) continue;
    // Statistics that were never taken: the values that layers are born with.
    if (mean.every((value) => value === 0) && variance.every((value) => value === 1)) continue;
    seen.add(tensor);
    const epsilon = attributes.epsilon?.kind === 'float' ? attributes.epsilon.value : 1e-5;
    found.push({ tensor, mean, variance, epsilon });
  }
  return found;
}

function floats(tensor: Tensor | undefined): Float64Array | undefined {
  return tensor?.type === 'float32' && !tensor.external ? Float64Array.from(float32Of(tensor)) : undefined;
}

/** Names of the outputs of {@link statisticsModel} for layer `i`: mean and variance of each image, by channel. */
const outputsOf = (layer: number) => ({ mean: `layer ${layer}:mean`, variance: `layer ${layer}:variance` });

/** The beginning of a network, with each image's mean and variance over positions of the tensors that these layers normalise as outputs. */
export function statisticsModel(model: Model, layers: readonly NormalisationLayer[]): Model {
  const start = pruned(
    model.graph,
    layers.map(({ tensor }) => ({ name: tensor, rest: [] })),
  );
  const g = new GraphBuilder({ ...start, outputs: [] });
  for (const [i, { tensor }] of layers.entries()) {
    const names = outputsOf(i);
    // Pooling has one form in every opset; averages over named axes have two.
    const mean = g.node('GlobalAveragePool', [tensor], {}, names.mean);
    const rest = g.node('Sub', [tensor, mean]);
    const variance = g.node('GlobalAveragePool', [g.node('Mul', [rest, rest])], {}, names.variance);
    g.output(mean);
    g.output(variance);
  }
  return { ...model, graph: g.graph() };
}

/** Mean and variance over positions of one image, by channel. */
export interface ImageStatistics {
  mean: Float64Array;
  variance: Float64Array;
}

/**
 * Reads what {@link statisticsModel} gave for one image; further rows of a fixed batch are not looked at.
 * @throws model-unsupported when the numbers are not finite
 */
export function statisticsOf(
  results: InferenceSession.OnnxValueMapType,
  layers: readonly NormalisationLayer[],
): ImageStatistics[] {
  return layers.map(({ mean: { length } }, i) => {
    const names = outputsOf(i);
    const read = (name: string): Float64Array => {
      const numbers = Float64Array.from((results[name]!.data as Float32Array).subarray(0, length));
      if (numbers.length === length && numbers.every(Number.isFinite)) return numbers;
      throw new TransferEvidenceError(
        'model-unsupported',
        `The first layers of the network were expected to give ${length} finite numbers for each image (${name}).`,
      );
    };
    return { mean: read(names.mean), variance: read(names.variance) };
  });
}
