import { TransferEvidenceError } from '../errors.ts';
import type { Ops } from './ops.ts';
import type { Parameter } from './parameters.ts';
import type { Value } from './value.ts';

/** Names that no network's own weights have; a `head.weight` is common. */
export const headKernel = 'appended head: weight';
export const headBias = 'appended head: bias';

/**
 * The two parameters of a head, which start at zero: deterministic, and the same for every network.
 * @param rate multiple of the step's learning rate
 */
export function headParameters(features: number, outputs: number, rate = 1): Parameter[] {
  return [
    { name: headKernel, shape: [features, outputs], decays: true, rate },
    { name: headBias, shape: [outputs], decays: false, rate },
  ];
}

/** How features are brought to mean 0 and variance 1; each [1, D]. */
export interface Standardisation<T> {
  mean: T;
  /** 1 ÷ standard deviation. */
  scale: T;
}

export interface HeadWeights {
  /** [D, K]. */
  kernel: Value;
  /** [K]. */
  bias: Value;
}

export interface Head {
  /** [N, K]. */
  logits: Value;
  /** Gradients from that of the logits, [N, K]. */
  backward(gradient: Value): HeadWeights & { features: Value };
}

/**
 * Emits a linear classifier on standardised features: logits = ((x − mean) · scale) · W + b. Standardised, one learning
 * rate means the same for networks whose features differ in size by orders of magnitude.
 * @param features [N, D]
 */
export function emitHead(
  ops: Ops,
  features: Value,
  { mean, scale }: Standardisation<Value>,
  { kernel, bias }: HeadWeights,
): Head {
  const standardised = ops.mul(ops.sub(features, mean), scale);
  return {
    logits: ops.gemm(standardised, kernel, { c: bias }),
    backward: (gradient) => ({
      kernel: ops.gemm(standardised, gradient, { transA: true }),
      bias: ops.reduce('ReduceSum', gradient, [0], false),
      features: ops.mul(ops.gemm(gradient, kernel, { transB: true }), scale),
    }),
  };
}

/** Features count as varying at least this much, as a share of how much they vary on average. */
const leastDeviation = 0.1;
/**
 * Features that vary less than this share of their size are the same for every image but for the rounding of float32.
 */
const rounding = 1e-5;

/**
 * Mean and 1 ÷ standard deviation (of the population) of each feature, summed in float64. A feature that hardly varies
 * among these images, or is dead, would be blown up as soon as training moves it: its deviation is taken to be a tenth
 * of the root mean square of all deviations. That leaves training the same for features of any size. Where all are
 * dead, 1.
 * @param features images × dimension, row-major
 * @throws shape-mismatch when there is no whole number of rows, or none
 */
export function standardisationOf(features: Float32Array, dimension: number): Standardisation<Float32Array> {
  const images = features.length / dimension;
  if (!(Number.isInteger(images) && images > 0))
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Features of whole images, ${dimension} each, were expected; ${features.length} numbers were given.`,
    );
  const mean = new Float64Array(dimension);
  const variance = new Float64Array(dimension);
  features.forEach((value, i) => {
    mean[i % dimension]! += value / images;
  });
  features.forEach((value, i) => {
    variance[i % dimension]! += (value - mean[i % dimension]!) ** 2 / images;
  });
  const typical = Math.sqrt(average(variance));
  const size = Math.sqrt(average(mean.map((value) => value ** 2)));
  const dead = typical <= rounding * size;
  const scale = variance.map((own) => (dead ? 1 : 1 / Math.max(Math.sqrt(own), leastDeviation * typical)));
  return { mean: Float32Array.from(mean), scale: Float32Array.from(scale) };
}

function average(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
