import { elements } from '../../onnx/model.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';
import {
  biasGradientBlocked,
  canBlock,
  convolveBlocked,
  depthwiseWeightGradientBlocked,
  inputGradientBlocked,
  inputGradientBlockedByZeros,
} from './blocked.ts';
import {
  convolveByToeplitz,
  inputGradientByToeplitz,
  weightGradientByProducts,
  weightGradientByToeplitz,
} from './depthwise.ts';
import {
  biasGradient,
  canFlip,
  convolve,
  inputGradientFlipped,
  inputGradientTransposed,
  weightGradientSwapped,
} from './general.ts';
import {
  biasGradientByColumns,
  convolveByColumns,
  inputGradientByColumns,
  pointwiseWeightGradient,
  seenBy,
  weightGradientByColumns,
  weightGradientByTaps,
} from './products.ts';
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

/** Maps of at most so many positions are matrix products over all images at once. */
const smallMap = { dense: 16, pointwise: 16, depthwise: 64, depthwiseBlocked: 16 };

function dense(ops: Ops, shape: ConvolutionShape): Formulation {
  const own = standard(ops, shape);
  const small = positions(shape) <= (isPointwise(shape) ? smallMap.pointwise : smallMap.dense);
  if (small)
    return {
      forward: (x, w, bias) => convolveByColumns(ops, shape, x, w, bias),
      inputGradient: (dy, w) => inputGradientByColumns(ops, shape, dy, w),
      weightGradient: (x, dy) => weightGradientByColumns(ops, shape, x, dy),
      biasGradient: (dy) => biasGradientByColumns(ops, dy),
    };
  const blocked = canBlock(ops, shape);
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
      if (withoutExtent) return pointwiseWeightGradient(ops, shape, seenBy(ops, shape, ops.plain(x)), dy);
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
  const own = standard(ops, shape);
  if (!blocked) return { ...own, weightGradient: (x, dy) => weightGradientByProducts(ops, shape, x, dy) };
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
