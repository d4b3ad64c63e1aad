import { elements } from '../../onnx/model.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';
import {
  convolveByBands,
  convolveChannelsFirst,
  inputGradientByBands,
  inputGradientChannelsFirst,
  weightGradientByBands,
} from './bands.ts';
import {
  biasGradientBlocked,
  canBlock,
  convolveBlocked,
  depthwiseWeightGradientBlocked,
  inputGradientBlocked,
  inputGradientBlockedByZeros,
} from './blocked.ts';
import { convolveByToeplitz, inputGradientByToeplitz, weightGradientByToeplitz } from './depthwise.ts';
import {
  biasGradient,
  canFlip,
  convolve,
  inputGradientFlipped,
  inputGradientTransposed,
  weightGradientSwapped,
} from './general.ts';
import { canBlockImages, imageWeightGradientBlocked } from './image-gradient.ts';
import {
  biasGradientByColumns,
  convolveByColumns,
  inputGradientByColumns,
  pointwiseWeightGradient,
  seenBy,
  weightGradientByColumns,
  weightGradientByTaps,
} from './products.ts';
import { biasGradientByRows, convolveByRows, inputGradientByRows, weightGradientByRows } from './rows.ts';
import { type ConvolutionShape, hasUnitStride, isDepthwise, isPointwise, positions } from './shape.ts';

/** One formulation of a convolution and of each of its gradients. */
export interface Formulation {
  forward(x: Value, w: Value, bias?: Value): Value;
  inputGradient(dy: Value, w: Value): Value;
  weightGradient(x: Value, dy: Value): Value;
  biasGradient(dy: Value): Value;
}

/**
 * The formulation that is fastest for a convolution of this shape. All give the same numbers up to rounding; which one wins was
 * measured operator by operator on a processor with two cores (onnxruntime 1.30), and on graphics devices the standard operators do.
 */
export function formulationOf(ops: Ops, shape: ConvolutionShape): Formulation {
  if (shape.kernel.length !== 2 || ops.portable) return standard(ops, shape);
  if (isDepthwise(shape)) return depthwise(ops, shape);
  if (shape.groups > 1) return standard(ops, shape);
  return dense(ops, shape);
}

/** From standard operators on plain tensors. */
function standard(ops: Ops, shape: ConvolutionShape): Formulation {
  const products = shape.groups === 1 && shape.kernel.length === 2 && shape.channels > 8;
  return {
    forward: (x, w, bias) => convolve(ops, shape, x, w, bias),
    inputGradient: (dy, w) =>
      canFlip(shape) ? inputGradientFlipped(ops, shape, dy, w) : inputGradientTransposed(ops, shape, dy, w),
    weightGradient: (x, dy) =>
      products ? weightGradientByTaps(ops, shape, x, dy) : weightGradientSwapped(ops, shape, x, dy),
    biasGradient: (dy) => biasGradient(ops, dy),
  };
}

/** Maps of at most so many positions are matrix products over all images at once; dense: with fewer channels than wide, and with more. */
const smallMap = {
  dense: 64,
  denseWide: 196,
  denseBlocked: 4,
  pointwise: 16,
  depthwise: 64,
  depthwiseBlocked: 16,
  bands: 256,
  rows: 64,
};

/** Channels from which on a product over rows is as fast as one can be. */
const wide = 128;

/** Numbers in a kernel from which on bringing it to blocks takes longer than blocks save, unless maps are large. */
const largeKernel = { numbers: 2 ** 20, positions: 49 };

function isSmall(ops: Ops, shape: ConvolutionShape): boolean {
  const size = positions(shape);
  if (elements(shape.kernel) === 1) return size <= smallMap.pointwise;
  const { channels, outputs, kernel, input } = shape;
  const isWide = Math.min(channels, outputs) >= wide;
  // Rows of few channels are thin products.
  if (!isWide && elements(input) > outputs) return false;
  const isLarge = channels * outputs * elements(kernel) > largeKernel.numbers;
  if (isLarge && size <= largeKernel.positions) return true;
  if (canBlock(ops, shape)) return size <= smallMap.denseBlocked;
  return size <= (isWide ? smallMap.denseWide : smallMap.dense);
}

function dense(ops: Ops, shape: ConvolutionShape): Formulation {
  const byColumns: Formulation = {
    forward: (x, w, bias) => convolveByColumns(ops, shape, x, w, bias),
    inputGradient: (dy, w) => inputGradientByColumns(ops, shape, dy, w),
    weightGradient: (x, dy) => weightGradientByColumns(ops, shape, x, dy),
    biasGradient: (dy) => biasGradientByColumns(ops, dy),
  };
  const byRows: Formulation = {
    forward: (x, w, bias) => convolveByRows(ops, shape, x, w, bias),
    inputGradient: (dy, w) => inputGradientByRows(ops, shape, dy, w),
    weightGradient: (x, dy) => weightGradientByRows(ops, shape, x, dy),
    biasGradient: (dy) => biasGradientByRows(ops, dy),
  };
  const small = isSmall(ops, shape);
  if (!isPointwise(shape)) return small ? byRows : onLargeMaps(ops, shape);
  const otherwise = small ? byColumns : onLargeMaps(ops, shape);
  // What comes channels first or positions first is a matrix as it lies.
  const suiting = ({ layout }: Value) =>
    layout === 'channels-first' ? byColumns : layout === 'positions-first' ? byRows : otherwise;
  return {
    forward: (x, w, bias) => suiting(x).forward(x, w, bias),
    inputGradient: (dy, w) => suiting(dy).inputGradient(dy, w),
    weightGradient: (x, dy) => suiting(x).weightGradient(x, dy),
    biasGradient: (dy) => suiting(dy).biasGradient(dy),
  };
}

function onLargeMaps(ops: Ops, shape: ConvolutionShape): Formulation {
  const own = standard(ops, shape);
  const blocked = canBlock(ops, shape);
  const size = positions(shape);
  const withoutExtent = elements(shape.kernel) === 1 && [...shape.before, ...shape.after].every((pad) => pad === 0);
  return {
    forward: (x, w, bias) => (blocked ? convolveBlocked(ops, shape, x, w, bias) : own.forward(x, w, bias)),
    inputGradient: (dy, w) =>
      blocked && canFlip(shape) && shape.channels >= ops.block!
        ? inputGradientBlocked(ops, shape, dy, w)
        : hasUnitStride(shape) && canFlip(shape)
          ? own.inputGradient(dy, w)
          : inputGradientTransposed(ops, shape, dy, w),
    weightGradient: (x, dy) => {
      if (withoutExtent && x.layout === 'blocked' && size <= smallMap.rows)
        return weightGradientByTaps(ops, shape, x, dy);
      if (withoutExtent) return pointwiseWeightGradient(ops, shape, seenBy(ops, shape, ops.plain(x)), dy);
      if (canBlockImages(ops, shape)) return imageWeightGradientBlocked(ops, shape, x, dy);
      return own.weightGradient(x, dy);
    },
    biasGradient: (dy) => (dy.layout === 'blocked' ? biasGradientBlocked(ops, dy) : biasGradient(ops, dy)),
  };
}

function depthwise(ops: Ops, shape: ConvolutionShape): Formulation {
  const blocked = canBlock(ops, shape);
  const size = Math.max(positions(shape), elements(shape.input) / elements(shape.strides));
  if (size <= (blocked ? smallMap.depthwiseBlocked : smallMap.depthwise))
    return {
      forward: (x, w, bias) => convolveByToeplitz(ops, shape, x, w, bias),
      inputGradient: (dy, w) => inputGradientByToeplitz(ops, shape, dy, w),
      weightGradient: (x, dy) => weightGradientByToeplitz(ops, shape, x, dy),
      biasGradient: (dy) => biasGradientByColumns(ops, dy),
    };
  if (!blocked) return depthwiseByBands(ops, shape, size > smallMap.bands);
  const own = standard(ops, shape);
  return {
    forward: (x, w, bias) => convolveBlocked(ops, shape, x, w, bias),
    inputGradient: (dy, w) =>
      canFlip(shape)
        ? inputGradientBlocked(ops, shape, dy, w)
        : (inputGradientBlockedByZeros(ops, shape, dy, w) ?? own.inputGradient(dy, w)),
    weightGradient: (x, dy) => depthwiseWeightGradientBlocked(ops, shape, x, dy),
    biasGradient: (dy) => (dy.layout === 'blocked' ? biasGradientBlocked(ops, dy) : biasGradient(ops, dy)),
  };
}

/** Channels first like the products around it; on large maps the runtime's own convolution is faster where it serves. */
function depthwiseByBands(ops: Ops, shape: ConvolutionShape, isLarge: boolean): Formulation {
  return {
    forward: (x, w, bias) => (isLarge ? convolveChannelsFirst : convolveByBands)(ops, shape, x, w, bias),
    inputGradient: (dy, w) =>
      (isLarge && canFlip(shape) ? inputGradientChannelsFirst : inputGradientByBands)(ops, shape, dy, w),
    weightGradient: (x, dy) => weightGradientByBands(ops, shape, x, dy),
    biasGradient: (dy) => biasGradientByColumns(ops, dy),
  };
}
