import { elements } from '../../onnx/model.ts';
import { asItLies } from '../layouts.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, positions } from './shape.ts';
import { tapMask } from './taps.ts';

/*
 * Depthwise convolutions on small maps as matrix products: per channel, Y = X · T with a Toeplitz matrix T [input pixels, output
 * pixels] made of the kernel by a constant 0/1 matrix, T = w · M. The gradients follow: ∂L/∂X = ∂L/∂Y · Tᵀ, ∂L/∂w = (Xᵀ · ∂L/∂Y) · Mᵀ.
 * Everything is channels first. It is more arithmetic than the convolution, but arithmetic that processors do fastest.
 */

export function convolveByToeplitz(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const { images, channels, output } = shape;
  const product = ops.matmul(perChannel(ops, x), toeplitz(ops, shape, w));
  const biased = bias ? ops.add(product, ops.reshape(bias, [channels, 1, 1])) : product;
  return {
    ...ops.reshape(biased, [channels, images, ...output]),
    shape: [images, channels, ...output],
    layout: 'channels-first',
  };
}

export function inputGradientByToeplitz(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  const { images, channels, input } = shape;
  const product = ops.matmulTransposed(perChannel(ops, dy), toeplitz(ops, shape, w));
  return {
    ...ops.reshape(product, [channels, images, ...input]),
    shape: [images, channels, ...input],
    layout: 'channels-first',
  };
}

export function weightGradientByToeplitz(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { channels, input, kernel } = shape;
  const [pixels, results] = [elements(input), positions(shape)];
  // There are fewer results than pixels, and it is the left factor whose transposition costs.
  const product = ops.matmulTransposedFirst(perChannel(ops, dy), perChannel(ops, x));
  const mask = tapMask(ops, shape, { turned: true });
  const sum = ops.gemm(ops.reshape(product, [channels, results * pixels]), mask, { transB: true });
  return ops.reshape(sum, [channels, 1, ...kernel]);
}

/** [C, pixels, positions] */
function toeplitz(ops: Ops, shape: ConvolutionShape, w: Value): Value {
  const { channels, input } = shape;
  const kernel = ops.reshape(w, [channels, elements(shape.kernel)]);
  return ops.reshape(ops.matmul(kernel, tapMask(ops, shape)), [channels, elements(input), positions(shape)]);
}

/** [N, C, …] in any layout → [C, N, pixels] */
function perChannel(ops: Ops, value: Value): Value {
  const [images, channels, ...spatial] = value.shape as [number, number, ...number[]];
  return ops.reshape(asItLies(ops.as('channels-first', value)), [channels, images, elements(spatial)]);
}
