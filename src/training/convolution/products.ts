import { elements } from '../../onnx/model.ts';
import { channelsLast } from '../layouts.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, positions } from './shape.ts';
import { fromPositions, nameOf, pairsOf, tapsOf } from './taps.ts';

/*
 * Convolutions whose outputs see one pixel each, channels first: every pixel of every image is a column [C, N · positions], the kernel a
 * matrix [O, C], and Y = W · X, ∂L/∂W = ∂L/∂Y · Xᵀ and ∂L/∂X = Wᵀ · ∂L/∂Y.
 */

export function convolveByColumns(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const { images, channels, outputs, output } = shape;
  const kernel = ops.reshape(w, [outputs, channels]);
  const product = ops.gemm(kernel, flat(ops, x), bias ? { c: ops.reshape(bias, [outputs, 1]) } : {});
  return channelsFirst(ops, product, [images, outputs, ...output]);
}

export function weightGradientByColumns(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { channels, outputs, kernel } = shape;
  return ops.reshape(ops.gemm(flat(ops, dy), flat(ops, x), { transB: true }), [outputs, channels, ...kernel]);
}

export function inputGradientByColumns(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  const { images, channels, outputs, input } = shape;
  const product = ops.gemm(ops.reshape(w, [outputs, channels]), flat(ops, dy), { transA: true });
  return channelsFirst(ops, product, [images, channels, ...input]);
}

export function biasGradientByColumns(ops: Ops, dy: Value): Value {
  return ops.reduce('ReduceSum', flat(ops, dy), [1], false);
}

/** Positions from which on each image makes a product of its own, whose factors stay in the cache. */
const long = 200;

/**
 * ∂L/∂W one kernel position at a time: ∂L/∂Y · (the pixels that it saw), pixel by pixel with channels last. All that
 * windows see would be each pixel as often as the kernel has positions, and leave the cache.
 */
export function weightGradientByTaps(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, kernel, input } = shape;
  const seen = ops.reshape(channelsLast(ops, x), [images * elements(input), channels]);
  const product = positions(shape) < long ? productOfAll(ops, shape, seen, dy) : productsOfImages(ops, shape, seen, dy);
  return fromPositions(ops, ops.concat(tapsOf(shape).map(product), 0), [outputs, channels, ...kernel]);
}

/** [O, C] by one product over all images. Positions that saw a pad take no part, which on small maps saves up to half of it. */
function productOfAll(ops: Ops, shape: ConvolutionShape, seen: Value, dy: Value): (tap: readonly number[]) => Value {
  const { images, channels, outputs, input } = shape;
  const errors = ops.reshape(channelsLast(ops, dy), [images * positions(shape), outputs]);
  return (tap) => {
    const pairs = pairsOf(shape, tap);
    if (pairs.length === 0) return ops.full([outputs, channels], 0);
    const ofAll = (each: readonly number[], size: number) =>
      range(images).flatMap((image) => each.map((place) => image * size + place));
    const own = ofAll(
      pairs.map(({ position }) => position),
      positions(shape),
    );
    const pixels = ofAll(
      pairs.map(({ pixel }) => pixel),
      elements(input),
    );
    const name = `${images} images ${nameOf(shape)} at ${tap.join()}`;
    const left = rows(ops, errors, own, `positions of ${name}`);
    return ops.gemm(left, rows(ops, seen, pixels, `pixels of ${name}`), { transA: true });
  };
}

/** [O, C] by a product an image, added up; what a position sees of a pad is a pixel of zeros. */
function productsOfImages(
  ops: Ops,
  shape: ConvolutionShape,
  seen: Value,
  dy: Value,
): (tap: readonly number[]) => Value {
  const { images, channels, outputs, input } = shape;
  const results = positions(shape);
  const none = seen.shape[0]!;
  const withPad = ops.concat([seen, ops.full([1, channels], 0)], 0);
  const errors = ops.reshape(ops.plain(dy), [images, outputs, results]);
  return (tap) => {
    const pairs = new Map(pairsOf(shape, tap).map(({ pixel, position }) => [position, pixel]));
    const pixels = range(images).flatMap((image) =>
      range(results).map((position) => {
        const pixel = pairs.get(position);
        return pixel === undefined ? none : image * elements(input) + pixel;
      }),
    );
    const name = `pixels of ${images} images ${nameOf(shape)} with pads at ${tap.join()}`;
    const cut = rows(ops, pairs.size === results ? seen : withPad, pixels, name);
    const products = ops.matmul(errors, ops.reshape(cut, [images, results, channels]));
    return ops.reduce('ReduceSum', products, [0], false);
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
