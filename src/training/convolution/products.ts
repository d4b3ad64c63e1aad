import { elements } from '../../onnx/model.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, positions } from './shape.ts';

/*
 * Dense convolutions as matrix products over columns: every window of the input as one column [C · taps, N · positions], so that
 * Y = W · columns, ∂L/∂W = ∂L/∂Y · columnsᵀ and ∂L/∂columns = Wᵀ · ∂L/∂Y (Chellapilla et al. 2006). In the channels-first
 * layout the kernel is read as it lies, [O, C · taps], in all three, and the columns are made once.
 */

/** [C, N, …] → [C · taps, N · positions] */
function columns(ops: Ops, shape: ConvolutionShape, x: Value): Value {
  const { images, channels } = shape;
  const taps = tapsOf(shape).map((tap) =>
    ops.reshape(window(ops, shape, paddedImages(ops, shape, x), tap), [channels, 1, images * positions(shape)]),
  );
  return ops.reshape(ops.concat(taps, 1), [channels * taps.length, images * positions(shape)]);
}

export function convolveByColumns(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const { outputs } = shape;
  const kernel = ops.reshape(w, [outputs, elements(w.shape) / outputs]);
  const product = ops.gemm(kernel, columns(ops, shape, x), bias ? { c: ops.reshape(bias, [outputs, 1]) } : {});
  return channelsFirst(ops, product, [shape.images, outputs, ...shape.output]);
}

export function weightGradientByColumns(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { channels, outputs, kernel } = shape;
  const product = ops.gemm(flat(ops, dy), columns(ops, shape, x), { transB: true });
  return ops.reshape(product, [outputs, channels, ...kernel]);
}

/** ∂L/∂X: the columns' gradients, each added where its window lay. */
export function inputGradientByColumns(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  const { images, channels, outputs, input, strides, before, after } = shape;
  const taps = tapsOf(shape);
  const product = ops.gemm(ops.reshape(w, [outputs, channels * taps.length]), flat(ops, dy), { transA: true });
  if (taps.length === 1 && strides.every((s) => s === 1) && before.every((p) => p === 0) && after.every((p) => p === 0))
    return channelsFirst(ops, product, [images, channels, ...input]);
  const parts = ops.split(
    ops.reshape(product, [channels, taps.length, images * positions(shape)]),
    1,
    taps.map(() => 1),
  );
  const placed = parts.map((part, i) =>
    place(ops, shape, ops.reshape(part, [channels, images, ...shape.output]), taps[i]!),
  );
  return { ...ops.sum(placed), shape: [images, channels, ...input], layout: 'channels-first' };
}

export function biasGradientByColumns(ops: Ops, dy: Value): Value {
  return ops.reduce('ReduceSum', flat(ops, dy), [1], false);
}

/** A window's gradients [C, N, output…] back in the image [C, N, input…], zeros elsewhere. Strides are met by zeros between. */
function place(ops: Ops, shape: ConvolutionShape, part: Value, tap: readonly number[]): Value {
  const { input, strides, dilations, before, output } = shape;
  let spread = part;
  output.forEach((size, i) => {
    const stride = strides[i]!;
    if (stride === 1) return;
    const axis = i + 2;
    const own = [...spread.shape];
    const apart = ops.reshape(spread, [...own.slice(0, axis + 1), 1, ...own.slice(axis + 1)]);
    const zeros = apart.shape.map((n, at) => (at === axis + 1 ? stride - 1 : n));
    const both = ops.concat([apart, ops.full(zeros, 0)], axis + 1);
    spread = ops.reshape(
      both,
      own.map((n, at) => (at === axis ? size * stride : n)),
    );
  });
  const first = tap.map((offset, i) => offset * dilations[i]! - before[i]!);
  const last = input.map((size, i) => size - first[i]! - output[i]! * strides[i]!);
  return ops.pad(spread, [0, 0, ...first], [0, 0, ...last]);
}

/**
 * ∂L/∂W one kernel position at a time: ∂L/∂Yᵀ · (the pixels it saw), with channels last so that the pixels are cut out in whole rows.
 * Unlike the columns, which hold each pixel as often as the kernel has positions, a position's pixels stay in the cache.
 */
export function weightGradientByTaps(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, kernel, before, after } = shape;
  const spatial = range(kernel.length);
  const last = ops.transpose(ops.plain(x), [0, ...spatial.map((axis) => axis + 2), 1]);
  const padded = ops.pad(last, [0, ...before, 0], [0, ...after, 0]);
  const errors = flat(ops, ops.as('channels-first', dy));
  const rows = images * positions(shape);
  const products = tapsOf(shape).map((tap) => {
    const seen = cut(ops, shape, padded, tap, 1);
    return ops.reshape(ops.matmul(errors, ops.reshape(seen, [rows, channels])), [1, outputs, channels]);
  });
  return ops.reshape(ops.transpose(ops.concat(products, 0), [1, 2, 0]), [outputs, channels, ...kernel]);
}

/** ∂L/∂W where each output sees one pixel: ∂L/∂Y · Xᵀ image by image, as they lie. */
export function pointwiseWeightGradient(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, kernel } = shape;
  const seen = ops.reshape(ops.plain(x), [images, channels, positions(shape)]);
  const errors = ops.reshape(ops.plain(dy), [images, outputs, positions(shape)]);
  const sum = ops.reduce('ReduceSum', ops.matmulTransposed(errors, seen), [0], false);
  return ops.reshape(sum, [outputs, channels, ...kernel]);
}

/** The pixels that a kernel without extent sees: with strides, one in so many. */
export function seenBy(ops: Ops, { strides, input }: ConvolutionShape, x: Value): Value {
  return strides.reduce((kept, stride, i) => (stride === 1 ? kept : ops.slice(kept, i + 2, 0, input[i]!, stride)), x);
}

/** Offsets of the kernel's positions, in the order in which it lies. */
export function tapsOf({ kernel }: ConvolutionShape): number[][] {
  return kernel.reduce<number[][]>(
    (taps, size) => taps.flatMap((tap) => range(size).map((offset) => [...tap, offset])),
    [[]],
  );
}

/** [C, N, …] with its pads, spatial axes from 2 on. */
function paddedImages(ops: Ops, { images, channels, input, before, after }: ConvolutionShape, x: Value): Value {
  const turned: Value = { ...ops.as('channels-first', x), shape: [channels, images, ...input], layout: 'plain' };
  return ops.pad(turned, [0, 0, ...before], [0, 0, ...after]);
}

function window(ops: Ops, shape: ConvolutionShape, padded: Value, tap: readonly number[]): Value {
  return cut(ops, shape, padded, tap, 2);
}

/** What one kernel position sees of a padded tensor, whose spatial axes begin at `first`. */
function cut(
  ops: Ops,
  { strides, dilations, output }: ConvolutionShape,
  padded: Value,
  tap: readonly number[],
  first: number,
): Value {
  const starts = tap.map((offset, i) => offset * dilations[i]!);
  const ends = starts.map((start, i) => start + (output[i]! - 1) * strides[i]! + 1);
  return ops.slices(
    padded,
    tap.map((_, i) => i + first),
    starts,
    ends,
    strides,
  );
}

/** [N, O, …] in any layout → [O, N · positions] */
function flat(ops: Ops, dy: Value): Value {
  const [images, outputs, ...output] = dy.shape as [number, number, ...number[]];
  const turned: Value = { ...ops.as('channels-first', dy), shape: [outputs, images, ...output], layout: 'plain' };
  return ops.reshape(turned, [outputs, images * elements(output)]);
}

/** [O, N · positions] → [N, O, …], channels first. */
function channelsFirst(ops: Ops, product: Value, shape: readonly number[]): Value {
  const [images, outputs, ...output] = shape as [number, number, ...number[]];
  return { ...ops.reshape(product, [outputs, images, ...output]), shape, layout: 'channels-first' };
}
