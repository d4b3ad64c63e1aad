import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, convolutionAttributes, hasUnitStride, turnedBack } from './shape.ts';

/*
 * A convolution and its two gradients from the standard operators, for any number of spatial axes, groups, strides, dilations and
 * pads. With Y = X ∗ W: ∂L/∂X is the transposed convolution of ∂L/∂Y with W, and ∂L/∂W the correlation of X with ∂L/∂Y, in which
 * images take the place of channels and strides and dilations change places (Dumoulin & Visin 2016, chapter 4).
 */

export function convolve(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const made = { shape: [shape.images, shape.outputs, ...shape.output] };
  return ops.node('Conv', [x, w, bias], made, convolutionAttributes(shape));
}

/** ∂L/∂X as a transposed convolution; right for every convolution. */
export function inputGradientTransposed(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  const { images, channels, input, kernel, strides, dilations, before, after, output } = shape;
  // Rows at the far side that no window reached.
  const left = input.map(
    (size, i) =>
      size - ((output[i]! - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1 - before[i]! - after[i]!),
  );
  const made = { shape: [images, channels, ...input] };
  return ops.node('ConvTranspose', [dy, w], made, { ...convolutionAttributes(shape), output_padding: left });
}

/** Whether {@link inputGradientFlipped} is defined. */
export function canFlip(shape: ConvolutionShape): boolean {
  const { kernel, dilations, before, after } = shape;
  return hasUnitStride(shape) && kernel.every((k, i) => dilations[i]! * (k - 1) >= Math.max(before[i]!, after[i]!));
}

/** ∂L/∂X of a convolution without strides: a convolution with the kernel turned round, inputs and outputs exchanged. */
export function inputGradientFlipped(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  return convolve(ops, turnedBack(shape), dy, turnedRound(ops, shape, w));
}

/** [O, C/g, k…] → [C, O/g, k…] with every kernel reversed along its spatial axes. */
function turnedRound(ops: Ops, { channels, outputs, groups, kernel }: ConvolutionShape, w: Value): Value {
  const axes = range(kernel.length);
  const grouped = ops.reshape(w, [groups, outputs / groups, channels / groups, ...kernel]);
  const exchanged = ops.transpose(grouped, [0, 2, 1, ...axes.map((axis) => axis + 3)]);
  const turned = ops.reshape(exchanged, [channels, outputs / groups, ...kernel]);
  return axes.reduce(
    (kept, axis) => (kernel[axis] === 1 ? kept : ops.slice(kept, axis + 2, 0, kernel[axis]!, -1)),
    turned,
  );
}

/** ∂L/∂W as a convolution of X with ∂L/∂Y in the place of the kernel; right for every convolution. */
export function weightGradientSwapped(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, groups, input, kernel, strides, dilations, before, after, output } = shape;
  const spatial = range(kernel.length);
  // Images become channels, groups stay together: [N, g·c, …] → [c, g·N, …] and [N, g·o, …] → [g·o, N, …].
  const data = ops.transpose(ops.reshape(x, [images, groups, channels / groups, ...input]), [
    2,
    1,
    0,
    ...spatial.map((axis) => axis + 3),
  ]);
  const correlated: ConvolutionShape = {
    images: channels / groups,
    channels: groups * images,
    outputs,
    groups,
    input,
    kernel: output,
    strides: dilations,
    dilations: strides,
    before,
    after,
    output: input.map((size, i) => {
      const extent = size + before[i]! + after[i]! - strides[i]! * (output[i]! - 1) - 1;
      return Math.floor(extent / dilations[i]!) + 1;
    }),
  };
  const found = convolve(
    ops,
    correlated,
    ops.reshape(data, [channels / groups, groups * images, ...input]),
    ops.transpose(dy, [1, 0, ...spatial.map((axis) => axis + 2)]),
  );
  // What strides left over at the far side gives kernel positions that do not exist.
  const cut = spatial.reduce((kept, axis) => ops.slice(kept, axis + 2, 0, kernel[axis]!), found);
  return ops.transpose(cut, [1, 0, ...spatial.map((axis) => axis + 2)]);
}

/** ∂L/∂b: the sum over images and positions. */
export function biasGradient(ops: Ops, dy: Value): Value {
  return ops.reduce(
    'ReduceSum',
    dy,
    range(dy.shape.length).filter((axis) => axis !== 1),
    false,
  );
}
