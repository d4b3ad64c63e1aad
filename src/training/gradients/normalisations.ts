import { elements } from '../../onnx/model.ts';
import { type BackwardStep, type Family, floatAttribute, intAttribute, intsAttribute, type Step } from '../operator.ts';
import type { Ops } from '../ops.ts';
import { axisOf, range } from '../shape.ts';
import type { Value } from '../value.ts';
import { above, signOf } from './heaviside.ts';
import { layerNormalisations } from './layer-normalisation.ts';
import { affine, alongChannels, channelSums } from './per-channel.ts';

type Gradients = readonly (Value | undefined)[];

/** 1 ÷ √(variance + ε). */
function inverseDeviation({ node, ops }: Step, variance: Value): Value {
  const epsilon = ops.scalar(floatAttribute(node, 'epsilon', 1e-5));
  return ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(variance, epsilon)));
}

/** By running statistics, an affine map of each channel. Where the layout lets it, the runtime's kernel: one pass. */
function batchNormalise(step: Step): readonly Value[] {
  const { node, inputs, made, ops } = step;
  const [x, scale, bias, mean, variance] = inputs.map((value) => value!);
  if (x!.layout === 'plain')
    return ops.nodes('BatchNormalization', inputs, made.slice(0, 1), {
      epsilon: { float: floatAttribute(node, 'epsilon', 1e-5) },
    });
  const slope = ops.mul(scale!, inverseDeviation(step, variance!));
  return [affine(ops, x!, slope, ops.sub(bias!, ops.mul(mean!, slope)))];
}

/**
 * With i = 1 ÷ √(variance + ε): dx = dy · scale · i, dbias = Σ dy, dscale = i · (Σ dy · x − mean · Σ dy), where the large tensor is
 * read but once more than for dx; the statistics, where they are trained too, follow from these sums.
 */
function batchNormalisation(step: BackwardStep): Gradients {
  const { inputs, grads, wants, ops } = step;
  const [x, scale, , mean, variance] = inputs.map((value) => value!);
  const dy = grads[0]!;
  const inverse = inverseDeviation(step, variance!);
  const slope = ops.mul(scale!, inverse);
  const dBias = () => channelSums(ops, dy);
  const dScale = () => ops.mul(inverse, ops.sub(channelSums(ops, ops.mul(dy, x!)), ops.mul(mean!, dBias())));
  return [
    wants[0] ? affine(ops, dy, slope) : undefined,
    wants[1] ? dScale() : undefined,
    wants[2] ? dBias() : undefined,
    wants[3] ? ops.neg(ops.mul(slope, dBias())) : undefined,
    wants[4] ? ops.scale(ops.mul(ops.mul(dScale(), slope), inverse), -0.5) : undefined,
  ];
}

/** x̂ = (x − mean) ÷ deviation over some axes, on the way back: what dy · scale becomes. */
function standardisation(ops: Ops, x: Value, axes: readonly number[], epsilon: number) {
  const centred = ops.sub(x, ops.reduce('ReduceMean', x, axes));
  const variance = ops.reduce('ReduceMean', ops.square(centred), axes);
  const inverse = ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(variance, ops.scalar(epsilon))));
  return { normal: ops.mul(centred, inverse), inverse };
}

/**
 * Each channel of each image by its own statistics (Ulyanov et al. 2016): as layer normalisation, where the means over positions of dy
 * and of dy · x̂ serve the gradients of scale and bias too.
 */
function instanceNormalisation({ node, inputs, grads, wants, ops }: BackwardStep): Gradients {
  const [x, dy] = [ops.plain(inputs[0]!), ops.plain(grads[0]!)];
  const rank = x.shape.length;
  const axes = range(rank).slice(2);
  const count = elements(x.shape.slice(2));
  const { normal, inverse } = standardisation(ops, x, axes, floatAttribute(node, 'epsilon', 1e-5));
  const mean = ops.reduce('ReduceMean', dy, axes);
  const projection = ops.reduce('ReduceMean', ops.mul(dy, normal), axes);
  const overImages = (means: Value) => {
    const sum = ops.reduce('ReduceSum', means, [0]);
    return ops.reshape(ops.scale(sum, count), [x.shape[1]!]);
  };
  const dx = () => {
    const slope = ops.mul(inverse, alongChannels(ops, inputs[1]!, rank));
    return ops.mul(ops.sub(ops.sub(dy, mean), ops.mul(normal, projection)), slope);
  };
  return [
    wants[0] ? dx() : undefined,
    wants[1] ? overImages(projection) : undefined,
    wants[2] ? overImages(mean) : undefined,
  ];
}

/** (x − mean) ÷ deviation over some axes; 10⁻⁹, which ONNX adds to the deviation, as it adds it. */
function meanVarianceNormalisation({ node, inputs, outputs, grads, ops }: BackwardStep): Gradients {
  const [x, y, dy] = [ops.plain(inputs[0]!), ops.plain(outputs[0]!), ops.plain(grads[0]!)];
  const axes = (intsAttribute(node, 'axes') ?? [0, 2, 3]).map((axis) => axisOf(axis, x.shape.length));
  const { inverse } = standardisation(ops, x, axes, 1e-18);
  const mean = ops.reduce('ReduceMean', dy, axes);
  const projection = ops.reduce('ReduceMean', ops.mul(dy, y), axes);
  return [ops.mul(ops.sub(ops.sub(dy, mean), ops.mul(y, projection)), inverse)];
}

/** y = x ÷ ‖x‖ₚ along an axis: dx = (dy − ∂‖x‖ · Σ dy · y) ÷ ‖x‖, with ∂‖x‖ = y for p = 2 and sign(x) for p = 1; 0 where x is 0. */
function lpNormalisation({ node, inputs, outputs, grads, ops }: BackwardStep): Gradients {
  const [x, y, dy] = [ops.plain(inputs[0]!), ops.plain(outputs[0]!), ops.plain(grads[0]!)];
  const axis = axisOf(intAttribute(node, 'axis', -1), x.shape.length);
  const p = intAttribute(node, 'p', 2);
  const shape = x.shape.map((size, i) => (i === axis ? 1 : size));
  const norm = ops.node(p === 1 ? 'ReduceL1' : 'ReduceL2', [x, ops.ints([axis])], { shape }, { keepdims: 1 });
  const positive = above(ops, norm);
  const inverse = ops.div(positive, ops.add(norm, ops.sub(ops.scalar(1), positive)));
  const along = ops.mul(p === 1 ? signOf(ops, x) : y, ops.reduce('ReduceSum', ops.mul(dy, y), [axis]));
  return [ops.mul(ops.sub(dy, along), inverse)];
}

/**
 * y = x · D^−β with D = bias + α ÷ size · Σ x² over `size` neighbouring channels (Krizhevsky et al. 2012):
 * dx = dy · D^−β − 2 · α · β ÷ size · x · Σ dy · y ÷ D, the sum over the channels in whose window x is, which are those in its own. The sums are products with a
 * matrix of 0 and 1.
 */
function localResponseNormalisation({ node, inputs, outputs, grads, ops }: BackwardStep): Gradients {
  const [x, y, dy] = [ops.plain(inputs[0]!), ops.plain(outputs[0]!), ops.plain(grads[0]!)];
  const size = intAttribute(node, 'size', 1);
  const alpha = floatAttribute(node, 'alpha', 1e-4);
  const beta = floatAttribute(node, 'beta', 0.75);
  const bias = floatAttribute(node, 'bias', 1);
  const [images, channels, ...rest] = x.shape as [number, number, ...number[]];
  // The runtime computes odd sizes alone, whose window lies evenly about its channel: the matrix is its own transpose.
  const reach = (size - 1) / 2;
  const window = (value: Value): Value => {
    const band = new Float32Array(channels * channels);
    for (let row = 0; row < channels; row++)
      for (let column = Math.max(0, row - reach); column <= Math.min(channels - 1, row + reach); column++)
        band[row * channels + column] = 1;
    const matrix = ops.shared(`band of ${channels} by ${size}`, () => ops.constant(band, [channels, channels]));
    return ops.reshape(ops.matmul(matrix, ops.reshape(value, [images, channels, elements(rest)])), x.shape);
  };
  const divisor = ops.add(ops.scale(window(ops.square(x)), alpha / size), ops.scalar(bias));
  const own = ops.mul(dy, ops.binary('Pow', divisor, ops.scalar(-beta)));
  const neighbours = window(ops.div(ops.mul(dy, y), divisor));
  return [ops.sub(own, ops.scale(ops.mul(x, neighbours), (2 * alpha * beta) / size))];
}

/** GroupNormalization comes written out in reductions and arithmetic. */
export const normalisations: Family = {
  ...layerNormalisations,
  BatchNormalization: { forward: batchNormalise, backward: batchNormalisation },
  InstanceNormalization: { backward: instanceNormalisation },
  MeanVarianceNormalization: { backward: meanVarianceNormalisation },
  LpNormalization: { backward: lpNormalisation },
  LRN: { backward: localResponseNormalisation },
};
