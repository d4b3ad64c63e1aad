import { elements } from '../../onnx/model.ts';
import { blockedDomain } from '../layouts.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, convolutionAttributes, isDepthwise, turnedBack } from './shape.ts';
import { positionsFirst } from './taps.ts';

/*
 * Convolutions on the runtime's own blocked layout, with kernels that change from step to step. The runtime itself uses these
 * operators only for constant kernels; given kernels in the order that it would bring them to, they take any. Channels that fill up
 * a block are zero on both sides, so they add nothing.
 */

/** Whether {@link convolveBlocked} computes it: two spatial axes, dense or depthwise. */
export function canBlock(ops: Ops, shape: ConvolutionShape): boolean {
  return ops.block !== undefined && shape.kernel.length === 2 && (shape.groups === 1 || isDepthwise(shape));
}

/** Few channels, as of an image, are read as they lie. */
function readsPlain(ops: Ops, shape: ConvolutionShape): boolean {
  return shape.groups === 1 && shape.channels < ops.block!;
}

/** Y = X ∗ W + b, blocked. `w` is [O, C/groups, h, w], plain. */
export function convolveBlocked(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const kernel = isDepthwise(shape)
    ? depthwiseKernel(ops, shape, w)
    : readsPlain(ops, shape)
      ? imageKernel(ops, shape, w)
      : denseKernel(ops, shape, w, { turned: false });
  const data = readsPlain(ops, shape) ? ops.plain(x) : ops.as('blocked', x);
  return run(ops, shape, data, kernel, bias && filledUp(ops, bias, [shape.outputs]));
}

/** ∂L/∂X of a convolution without strides whose pads allow it (see canFlip); blocked. */
export function inputGradientBlocked(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  const turned = isDepthwise(shape)
    ? depthwiseKernel(ops, shape, w, { turned: true })
    : denseKernel(ops, shape, w, { turned: true });
  return run(ops, turnedBack(shape), ops.as('blocked', dy), turned);
}

/**
 * ∂L/∂X of a convolution with strides, as that of one without on a gradient with zeros between; undefined where the pads do not
 * allow it.
 */
export function inputGradientBlockedByZeros(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value | undefined {
  const { images, outputs, input, kernel, strides, dilations, before, output } = shape;
  const apart = output.map((size, i) => size * strides[i]!);
  const after = input.map((size, i) => apart[i]! - size + dilations[i]! * (kernel[i]! - 1) - before[i]!);
  const dense: ConvolutionShape = { ...shape, strides: strides.map(() => 1), output: apart, after };
  const reach = kernel.map((k, i) => dilations[i]! * (k - 1));
  if (reach.some((size, i) => after[i]! > size || before[i]! > size || after[i]! < 0)) return undefined;
  const block = ops.block!;
  const planes = images * (filled(ops, outputs) / block);
  const [height, width] = output as [number, number];
  const [down, right] = strides as [number, number];
  const lying = physical(ops, ops.as('blocked', dy), [planes * height * width, block]);
  const across =
    right === 1 ? lying : ops.concat([lying, ops.full([planes * height * width, block * (right - 1)], 0)], 1);
  const rows = physical(ops, across, [planes * height, apart[1]! * block]);
  const whole =
    down === 1 ? rows : ops.concat([rows, ops.full([planes * height, apart[1]! * block * (down - 1)], 0)], 1);
  const spread: Value = {
    ...physical(ops, whole, [images, filled(ops, outputs), ...apart]),
    shape: [images, outputs, ...apart],
    layout: 'blocked',
  };
  return inputGradientBlocked(ops, dense, spread, w);
}

/**
 * ∂L/∂W of a depthwise convolution as one convolution: every channel of every image is a channel, and ∂L/∂Y, as it lies in
 * memory, is the kernel. [C, 1, h, w], plain.
 */
export function depthwiseWeightGradientBlocked(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, input, kernel, strides, dilations, before, after, output } = shape;
  const all = filled(ops, channels);
  const [height, width] = kernel as [number, number];
  // The pads at the far side are such that exactly the kernel's positions come out.
  const far = input.map(
    (size, i) => strides[i]! * (output[i]! - 1) + dilations[i]! * (kernel[i]! - 1) + 1 - size - before[i]!,
  );
  if (far.some((pad) => pad < 0)) return depthwiseCut(ops, shape, x, dy, far);
  void after;
  const correlated: ConvolutionShape = {
    images: 1,
    channels: images * all,
    outputs: images * all,
    groups: images * all,
    input,
    kernel: output,
    strides: dilations,
    dilations: strides,
    before,
    after: far,
    output: kernel,
  };
  const data = physical(ops, ops.as('blocked', x), [1, images * all, ...input]);
  const asKernel = physical(ops, ops.as('blocked', dy), [images * all, 1, ...output]);
  const found = run(ops, correlated, data, asKernel);
  const taps = height * width;
  const perImage = physical(ops, found, [images, (all / ops.block!) * taps * ops.block!]);
  const sum = ops.reduce('ReduceSum', perImage, [0], false);
  const unblocked = ops.transpose(ops.reshape(sum, [all / ops.block!, taps, ops.block!]), [0, 2, 1]);
  return ops.slice(ops.reshape(unblocked, [all, 1, height, width]), 0, 0, channels);
}

/** Rows that no window reached are cut off first. */
function depthwiseCut(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value, far: readonly number[]): Value {
  const cut = far.reduce(
    (kept, pad, i) => (pad < 0 ? ops.slice(kept, i + 2, 0, kept.shape[i + 2]! + pad) : kept),
    ops.plain(x),
  );
  return depthwiseWeightGradientBlocked(ops, { ...shape, input: cut.shape.slice(2) }, cut, dy);
}

/** ∂L/∂b of a blocked gradient: the mean over positions times their number, summed over images. */
export function biasGradientBlocked(ops: Ops, dy: Value): Value {
  const [images, channels, height, width] = dy.shape as [number, number, number, number];
  const all = filled(ops, channels);
  const [mean] = ops.raw(
    'GlobalAveragePool',
    [dy],
    [{ shape: [images, channels, 1, 1], layout: 'blocked' }],
    {},
    blockedDomain,
  );
  const sum = ops.reduce('ReduceSum', physical(ops, mean!, [images, all]), [0], false);
  return ops.slice(ops.scale(sum, height * width), 0, 0, channels);
}

/** The runtime's blocked convolution. `x` and `kernel` lie as it needs them. */
export function run(ops: Ops, shape: ConvolutionShape, x: Value, kernel: Value, bias?: Value): Value {
  const made = { shape: [shape.images, shape.outputs, ...shape.output], layout: 'blocked' as const };
  const attributes = convolutionAttributes(shape);
  const groups = isDepthwise(shape) ? filled(ops, shape.channels) : 1;
  return ops.raw('Conv', [x, kernel, bias], [made], { ...attributes, group: groups }, blockedDomain)[0]!;
}

/**
 * [O, C, h, w] → [O/B, C/B, h, w, B (in), B (out)]; turned: inputs and outputs exchanged and the kernel reversed. For what is not turned
 * the outputs are brought innermost as channels of an image would be, and then whole squares of blocks move: one transpose takes
 * the runtime four times as long, and it makes one of two.
 */
function denseKernel(ops: Ops, shape: ConvolutionShape, w: Value, { turned }: { turned: boolean }): Value {
  const { channels, outputs, kernel } = shape;
  const block = ops.block!;
  const [all, allOut] = [filled(ops, channels), filled(ops, outputs)];
  const taps = elements(kernel);
  const missing = [0, allOut - outputs, all - channels];
  const whole = ops.pad(positionsFirst(ops, w), [0, 0, 0], missing);
  if (!turned) {
    const images = ops.reshape(whole, [(taps * allOut) / block, block, all, 1]);
    const squares = physical(ops, ops.as('blocked', images), [taps, allOut / block, all / block, block * block]);
    return ops.reshape(ops.transpose(squares, [1, 2, 0, 3]), [allOut, all, ...kernel]);
  }
  const reversed = taps > 1 ? ops.slice(whole, 0, 0, taps, -1) : whole;
  const parted = ops.reshape(reversed, [taps, allOut / block, block, all / block, block]);
  return ops.reshape(ops.transpose(parted, [3, 1, 0, 2, 4]), [all, allOut, ...kernel]);
}

/** [C, 1, h, w] → [C/B, h, w, B] */
function depthwiseKernel(
  ops: Ops,
  shape: ConvolutionShape,
  w: Value,
  { turned }: { turned: boolean } = { turned: false },
): Value {
  const all = filled(ops, shape.channels);
  const taps = elements(shape.kernel);
  const parted = ops.reshape(filledUp(ops, w, [shape.channels]), [all / ops.block!, ops.block!, taps]);
  const ordered = ops.transpose(parted, [0, 2, 1]);
  return ops.reshape(turned ? ops.slice(ordered, 1, 0, taps, -1) : ordered, [all, 1, ...shape.kernel]);
}

/** [O, C, h, w] → [O/B, C, h, w, B], for an image that is read as it lies. */
function imageKernel(ops: Ops, { channels, outputs, kernel }: ConvolutionShape, w: Value): Value {
  const all = filled(ops, outputs);
  const parted = ops.reshape(filledUp(ops, w, [outputs]), [all / ops.block!, ops.block!, channels * elements(kernel)]);
  return ops.reshape(ops.transpose(parted, [0, 2, 1]), [all, channels, ...kernel]);
}

/** A multiple of the block. */
export function filled(ops: Ops, channels: number): number {
  return Math.ceil(channels / ops.block!) * ops.block!;
}

/** Zeros behind the leading axes, whose sizes are given, so that each is a multiple of the block. */
function filledUp(ops: Ops, value: Value, leading: readonly number[]): Value {
  const missing = value.shape.map((_, i) => (i < leading.length ? filled(ops, leading[i]!) - leading[i]! : 0));
  return ops.pad(
    value,
    missing.map(() => 0),
    missing,
  );
}

/** The numbers of a blocked tensor as they lie, under another shape. */
export function physical(ops: Ops, value: Value, shape: readonly number[]): Value {
  return ops.raw('Reshape', [value, ops.ints(shape)], [{ shape }])[0]!;
}
