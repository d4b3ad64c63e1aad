import { elements } from '../../onnx/model.ts';
import { channelsLast } from '../layouts.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, positions } from './shape.ts';
import { nameOf, pairsOf, tapMask, tapsOf } from './taps.ts';

/*
 * Dense convolutions over two axes as matrix products over columns: every window of the input as one column
 * [C · taps, N · positions], so that Y = W · columns, ∂L/∂W = ∂L/∂Y · columnsᵀ and ∂L/∂columns = Wᵀ · ∂L/∂Y (Chellapilla et al. 2006).
 * In the channels-first layout the kernel is read as it lies, [O, C · taps], in all three, and the columns are made once.
 */

/**
 * [N, C, …] → [C · taps, N · positions], by a constant 0/1 matrix for each kernel position: on small maps that is little
 * arithmetic, whereas cutting windows out of rows of a few numbers takes longer than the convolution.
 */
function columns(ops: Ops, shape: ConvolutionShape, x: Value): Value {
  const { images, channels, kernel } = shape;
  const taps = elements(kernel);
  if (taps === 1 && seesAll(shape)) return flat(ops, x);
  const [pixels, results] = [elements(shape.input), positions(shape)];
  const maps = ops.reshape(flat(ops, x), [channels, 1, images, pixels]);
  const windows = ops.matmul(maps, ops.reshape(tapMask(ops, shape), [1, taps, pixels, results]));
  return ops.reshape(windows, [channels * taps, images * results]);
}

/** Every pixel once and in order, so that the columns of a kernel without extent are the pixels themselves. */
function seesAll({ strides, before, after }: ConvolutionShape): boolean {
  return strides.every((stride) => stride === 1) && [...before, ...after].every((pad) => pad === 0);
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
  const { images, channels, outputs, input, kernel } = shape;
  const taps = elements(kernel);
  const product = ops.gemm(ops.reshape(w, [outputs, channels * taps]), flat(ops, dy), { transA: true });
  if (taps === 1 && seesAll(shape)) return channelsFirst(ops, product, [images, channels, ...input]);
  const [pixels, results] = [elements(input), positions(shape)];
  const windows = ops.reshape(product, [channels, taps, images, results]);
  const placed = ops.matmulTransposed(windows, ops.reshape(tapMask(ops, shape), [1, taps, pixels, results]));
  return channelsFirst(ops, ops.reduce('ReduceSum', placed, [1]), [images, channels, ...input]);
}

export function biasGradientByColumns(ops: Ops, dy: Value): Value {
  return ops.reduce('ReduceSum', flat(ops, dy), [1], false);
}

/** Channels up to which a whole row of the kernel makes one product, because one kernel position's would be too narrow. */
const narrow = 64;

/**
 * ∂L/∂W some kernel positions at a time: ∂L/∂Yᵀ · (the pixels that they saw), pixel by pixel with channels last. Positions that
 * saw a pad take no part, which on small maps saves up to half of the arithmetic.
 */
export function weightGradientByTaps(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, kernel, input } = shape;
  const pixels = images * elements(input);
  const seen = ops.reshape(channelsLast(ops, x), [pixels, channels]);
  const errors = ops.reshape(channelsLast(ops, dy), [images * positions(shape), outputs]);
  const together = channels <= narrow ? kernel[1]! : 1;
  const taps = tapsOf(shape);
  // A pixel of zeros, for what the neighbours in a row of the kernel see and a position itself does not.
  const withPad = () => ops.concat([seen, ops.full([1, channels], 0)], 0);
  const products = range(taps.length / together).map((i) => {
    const group = taps.slice(i * together, (i + 1) * together);
    const { pixelsOf, positionsOf, padded } = rowsOf(shape, group);
    if (positionsOf.length === 0) return ops.full([outputs, together, channels], 0);
    const name = `${images} images ${nameOf(shape)} by ${together}, ${i}`;
    const left = rows(ops, errors, positionsOf, `positions of ${name}`);
    const right = rows(ops, padded ? withPad() : seen, pixelsOf, `pixels of ${name}`);
    const side = ops.reshape(right, [positionsOf.length, together * channels]);
    return ops.reshape(ops.gemm(left, side, { transA: true }), [outputs, together, channels]);
  });
  return ops.reshape(ops.transpose(ops.concat(products, 1), [0, 2, 1]), [outputs, channels, ...kernel]);
}

/** Over all images: positions that see a pixel at one of some kernel positions at least, and what they see at each of them. */
function rowsOf(
  shape: ConvolutionShape,
  taps: readonly (readonly number[])[],
): { pixelsOf: number[]; positionsOf: number[]; padded: boolean } {
  const { images, input } = shape;
  const [pixels, results] = [elements(input), positions(shape)];
  const seen = taps.map((tap) => new Map(pairsOf(shape, tap).map(({ pixel, position }) => [position, pixel])));
  const own = range(results).filter((position) => seen.some((pairs) => pairs.has(position)));
  const none = images * pixels;
  const pixelsOf = range(images).flatMap((image) =>
    own.flatMap((position) =>
      seen.map((pairs) => (pairs.has(position) ? image * pixels + pairs.get(position)! : none)),
    ),
  );
  return {
    pixelsOf,
    positionsOf: range(images).flatMap((image) => own.map((position) => image * results + position)),
    padded: pixelsOf.includes(none),
  };
}

/** The rows of a matrix that a constant names. */
function rows(ops: Ops, matrix: Value, indices: readonly number[], name: string): Value {
  const [count, width] = matrix.shape as [number, number];
  if (indices.length === count && indices.every((index, i) => index === i)) return matrix;
  const constant = ops.shared(name, () => ops.constant(indices, [indices.length], 'rows'));
  return ops.node('Gather', [matrix, constant], { shape: [indices.length, width] }, { axis: 0 });
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
