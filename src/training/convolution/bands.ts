import { elements } from '../../onnx/model.ts';
import { asItLies } from '../layouts.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { convolveByToeplitz, inputGradientByToeplitz, weightGradientByToeplitz } from './depthwise.ts';
import { type ConvolutionShape, convolutionAttributes } from './shape.ts';

/*
 * Depthwise convolutions on larger maps, channels first: some rows of the result with the rows that they see are a small
 * convolution of their own, so that all bands of all images go through the products for small maps at once.
 */

interface Bands {
  /** A band as a convolution of its own; its images are the bands of all images. */
  shape: ConvolutionShape;
  perImage: number;
  /** Where the first band's rows begin, from the map's first row, and how far apart bands begin. */
  first: number;
  apart: number;
}

/** Columns from which on a second row in a band costs more arithmetic than it saves copies. */
const wide = 48;

/** Two rows of a result share most of the rows that they see, unless strides part them. */
function rowsTogether(rows: number, columns: number, stride: number): number {
  return stride === 1 && rows % 2 === 0 && columns < wide ? 2 : 1;
}

/** Bands of rows of the result, with all that they see. */
function bandsOfResult(shape: ConvolutionShape): Bands {
  const { images, input, kernel, strides, dilations, before, after, output } = shape;
  const rows = rowsTogether(output[0]!, output[1]!, strides[0]!);
  const perImage = output[0]! / rows;
  const seen = (rows - 1) * strides[0]! + (kernel[0]! - 1) * dilations[0]! + 1;
  const own = {
    ...shape,
    images: images * perImage,
    input: [seen, input[1]!],
    output: [rows, output[1]!],
    before: [0, before[1]!],
    after: [0, after[1]!],
  };
  return { shape: own, perImage, first: -before[0]!, apart: rows * strides[0]! };
}

/** Bands of rows of the input, with all results that see them. */
function bandsOfInput(shape: ConvolutionShape): Bands {
  const { images, input, kernel, strides, dilations, before, output } = shape;
  const stride = strides[0]!;
  const rows = stride * rowsTogether(input[0]!, input[1]!, stride);
  const perImage = Math.ceil(input[0]! / rows);
  const first = Math.ceil((before[0]! - (kernel[0]! - 1) * dilations[0]!) / stride);
  const last = Math.floor((rows - 1 + before[0]!) / stride);
  const own = {
    ...shape,
    images: images * perImage,
    input: [rows, input[1]!],
    output: [last - first + 1, output[1]!],
    before: [before[0]! - stride * first, before[1]!],
  };
  return { shape: own, perImage, first, apart: rows / stride };
}

export function convolveByBands(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const bands = bandsOfResult(shape);
  const seen = cutIntoBands(ops, x, bands, bands.shape.input[0]!);
  return seenAs(ops, convolveByToeplitz(ops, bands.shape, seen, w, bias), [
    shape.images,
    shape.channels,
    ...shape.output,
  ]);
}

export function weightGradientByBands(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const bands = bandsOfResult(shape);
  const { images, channels, output, input } = bands.shape;
  const errors = seenAs(ops, ops.as('channels-first', dy), [images, channels, ...output]);
  return weightGradientByToeplitz(ops, bands.shape, cutIntoBands(ops, x, bands, input[0]!), errors);
}

export function inputGradientByBands(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  const { images, channels, input } = shape;
  const bands = bandsOfInput(shape);
  const errors = cutIntoBands(ops, dy, bands, bands.shape.output[0]!);
  const found = inputGradientByToeplitz(ops, bands.shape, errors, w);
  const rows = bands.perImage * bands.shape.input[0]!;
  const all = asItLies(seenAs(ops, found, [images, channels, rows, input[1]!]));
  return { ...ops.slice(all, 2, 0, input[0]!), shape: [images, channels, ...input], layout: 'channels-first' };
}

/** [N, C, H, W] → [N · bands, C, height, W], channels first, with zeros for rows that there are not. */
function cutIntoBands(ops: Ops, value: Value, { perImage, first, apart }: Bands, height: number): Value {
  const [images, channels, rows, width] = value.shape as [number, number, number, number];
  const indices = range(perImage).flatMap((band) => range(height).map((row) => first + band * apart + row));
  const above = Math.max(0, -Math.min(...indices));
  const below = Math.max(0, Math.max(...indices) + 1 - rows);
  const padded = ops.pad(asItLies(ops.as('channels-first', value)), [0, 0, above, 0], [0, 0, below, 0]);
  const made = { shape: [channels, images, indices.length, width] };
  const places = ops.ints(indices.map((row) => row + above));
  const cut = ops.reshape(ops.node('Gather', [padded, places], made, { axis: 2 }), [
    channels,
    images * perImage,
    height,
    width,
  ]);
  return { ...cut, shape: [images * perImage, channels, height, width], layout: 'channels-first' };
}

/** The same numbers, with bands as images or the other way round. */
function seenAs(ops: Ops, value: Value, shape: readonly number[]): Value {
  const [images, channels, ...rest] = shape as [number, number, ...number[]];
  return { ...ops.reshape(asItLies(value), [channels, images, ...rest]), shape, layout: 'channels-first' };
}

/**
 * As the standard convolution of one image whose channels are all channels of all images, for which the layout need not change.
 */
export function convolveChannelsFirst(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const { images, channels, input, output, kernel } = shape;
  const all = images * channels;
  const each = (value: Value) => {
    const size = elements(value.shape) / channels;
    const column = ops.reshape(value, [channels, 1, size]);
    return ops.reshape(ops.mul(column, ops.full([1, images, 1], 1)), [all * size]);
  };
  const one = ops.reshape(asItLies(ops.as('channels-first', x)), [1, all, ...input]);
  const weights = ops.reshape(each(w), [all, 1, ...kernel]);
  const made = { shape: [1, all, ...output] };
  const attributes = { ...convolutionAttributes(shape), group: all };
  const [y] = ops.nodes('Conv', [one, weights, bias && each(bias)], [made], attributes);
  const shaped = ops.reshape(y!, [channels, images, ...output]);
  return { ...shaped, shape: [images, channels, ...output], layout: 'channels-first' };
}

/** ∂L/∂X likewise, where canFlip. */
export function inputGradientChannelsFirst(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  const { channels, input, output, kernel, dilations, before, after } = shape;
  const around = (pads: readonly number[]) => pads.map((pad, i) => dilations[i]! * (kernel[i]! - 1) - pad);
  const back = { ...shape, input: output, output: input, before: around(before), after: around(after) };
  const taps = elements(kernel);
  const turned = ops.slice(ops.reshape(w, [channels, taps]), 1, 0, taps, -1);
  return convolveChannelsFirst(ops, back, dy, ops.reshape(turned, [channels, 1, ...kernel]));
}
