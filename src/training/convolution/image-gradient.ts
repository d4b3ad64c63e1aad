import { elements } from '../../onnx/model.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { canBlock, filled, physical, run } from './blocked.ts';
import { type ConvolutionShape, positions } from './shape.ts';

/** Bytes of what takes the kernel's place in one group: about as much as stays in a processor core's own cache. */
const cached = 2 ** 20;

/** Whether {@link imageWeightGradientBlocked} computes it: channels that do not fill a block, images that do. */
export function canBlockImages(ops: Ops, shape: ConvolutionShape): boolean {
  return canBlock(ops, shape) && shape.groups === 1 && shape.channels < ops.block! && shape.images % ops.block! === 0;
}

/**
 * ∂L/∂W of a convolution over an image as one blocked convolution: images take the place of channels and ∂L/∂Y, in bands of rows, that
 * of the kernel. The bands are groups, so that each is read from the cache as often as the kernel has positions; their results
 * are summed. [O, C, h, w], plain.
 */
export function imageWeightGradientBlocked(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, input, kernel, strides, dilations, before, output } = shape;
  const block = ops.block!;
  const all = filled(ops, outputs);
  const [height, width] = output as [number, number];
  const bytes = 4 * positions(shape) * block * Math.min(all, 4 * block);
  const bands = range(height)
    .map((i) => i + 1)
    .find((count) => height % count === 0 && (bytes / count <= cached || count === height))!;
  const rows = height / bands;
  const seen = (rows - 1) * strides[0]! + (kernel[0]! - 1) * dilations[0]! + 1;
  const far = (width - 1) * strides[1]! + (kernel[1]! - 1) * dilations[1]! + 1 - input[1]! - before[1]!;
  const below = (height - 1) * strides[0]! + (kernel[0]! - 1) * dilations[0]! + 1 - input[0]! - before[0]!;
  // What no window reached is cut off, so that exactly the kernel's positions come out.
  const kept = [below, far].reduce(
    (value, pad, i) => (pad < 0 ? ops.slice(value, i + 2, 0, input[i]! + pad) : value),
    ops.transpose(ops.plain(x), [1, 0, 2, 3]),
  );
  // With pads of the convolution's own every result would be one at a border, which the runtime computes one by one.
  const padded = ops.pad(kept, [0, 0, ...before], [0, 0, Math.max(0, below), Math.max(0, far)]);
  const places = range(bands).flatMap((band) => range(seen).map((row) => band * rows * strides[0]! + row));
  const columns = padded.shape[3]!;
  const made = { shape: [channels, images, places.length, columns] };
  const cut = ops.reshape(ops.node('Gather', [padded, ops.ints(places)], made, { axis: 2 }), [
    channels,
    images,
    bands,
    seen,
    columns,
  ]);
  const data = ops.reshape(ops.transpose(cut, [0, 2, 1, 3, 4]), [channels, bands * images, seen, columns]);
  const lying = physical(ops, ops.as('blocked', dy), [images / block, block, all / block, bands, rows * width, block]);
  const asKernel = physical(ops, ops.transpose(lying, [3, 2, 0, 4, 1, 5]), [bands * all, images, rows, width]);
  const correlated: ConvolutionShape = {
    images: channels,
    channels: bands * images,
    outputs: bands * all,
    groups: bands,
    input: [seen, columns],
    kernel: [rows, width],
    strides: dilations,
    dilations: strides,
    before: [0, 0],
    after: [0, 0],
    output: kernel,
  };
  const found = run(ops, correlated, ops.as('blocked', data), asKernel);
  const sum = ops.reduce('ReduceSum', physical(ops, found, [channels, bands, all * elements(kernel)]), [1]);
  const blocked: Value = {
    ...physical(ops, sum, [channels, all, ...kernel]),
    shape: [channels, outputs, ...kernel],
    layout: 'blocked',
  };
  return ops.transpose(ops.plain(blocked), [1, 0, 2, 3]);
}
