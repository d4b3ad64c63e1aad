import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';
import { canBlock, filled, physical, run } from './blocked.ts';
import { type ConvolutionShape, positions } from './shape.ts';

/** Whether {@link imageWeightGradientBlocked} computes it: channels that do not fill a block, images that do. */
export function canBlockImages(ops: Ops, shape: ConvolutionShape): boolean {
  return canBlock(ops, shape) && shape.groups === 1 && shape.channels < ops.block! && shape.images % ops.block! === 0;
}

/**
 * ∂L/∂W of a convolution over an image as one blocked convolution, in which images take the place of channels and ∂L/∂Y that of the
 * kernel. [O, C, h, w], plain.
 */
export function imageWeightGradientBlocked(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, input, kernel, strides, dilations, before, output } = shape;
  const block = ops.block!;
  const all = filled(ops, outputs);
  // The pads at the far side are such that exactly the kernel's positions come out. They are laid round the image itself: with pads of
  // the convolution's own every result would be one at a border, which the runtime computes one by one.
  const far = input.map(
    (size, i) => strides[i]! * (output[i]! - 1) + dilations[i]! * (kernel[i]! - 1) + 1 - size - before[i]!,
  );
  const kept = far.reduce(
    (value, pad, i) => (pad < 0 ? ops.slice(value, i + 2, 0, input[i]! + pad) : value),
    ops.transpose(ops.plain(x), [1, 0, 2, 3]),
  );
  const after = far.map((pad) => Math.max(0, pad));
  const data = ops.pad(kept, [0, 0, ...before], [0, 0, ...after]);
  const lying = physical(ops, ops.as('blocked', dy), [images / block, block, all / block, positions(shape), block]);
  const asKernel = physical(ops, ops.transpose(lying, [2, 0, 3, 1, 4]), [all, images, ...output]);
  const correlated: ConvolutionShape = {
    images: channels,
    channels: images,
    outputs,
    groups: 1,
    input: data.shape.slice(2),
    kernel: output,
    strides: dilations,
    dilations: strides,
    before: [0, 0],
    after: [0, 0],
    output: kernel,
  };
  return ops.transpose(ops.plain(run(ops, correlated, ops.as('blocked', data), asKernel)), [1, 0, 2, 3]);
}
