import { TransferEvidenceError } from '../../errors.ts';
import { describe } from '../../onnx/check.ts';
import { elements } from '../../onnx/model.ts';
import {
  type BackwardStep,
  type Family,
  floatAttribute,
  intAttribute,
  intsAttribute,
  type Step,
  stringAttribute,
} from '../operator.ts';
import { axisOf, range } from '../shape.ts';
import type { Value } from '../value.ts';
import { fixedInput } from './fixed-input.ts';
import { transposed } from './linear-map.ts';

/** Operators that change the resolution of maps: by interpolation, or by trading channels for pixels. */
export const resizing: Family = {
  Resize: { backward: (step) => [resized(step)] },
  DepthToSpace: {
    backward: ({ node, inputs: [x], grads: [dy], ops }) => {
      const { shape } = x!;
      const block = intAttribute(node, 'blocksize', 1);
      if (stringAttribute(node, 'mode', 'DCR') === 'DCR')
        return [ops.node('SpaceToDepth', [dy], { shape }, { blocksize: block })];
      const [images, channels, height, width] = shape as [number, number, number, number];
      const pixels = ops.reshape(dy!, [images, channels / block ** 2, height, block, width, block]);
      return [ops.reshape(ops.transpose(pixels, [0, 1, 3, 5, 2, 4]), shape)];
    },
  },
  SpaceToDepth: {
    backward: ({ node, inputs: [x], grads: [dy], ops }) => [
      ops.node(
        'DepthToSpace',
        [dy],
        { shape: x!.shape },
        { blocksize: intAttribute(node, 'blocksize', 1), mode: 'DCR' },
      ),
    ],
  },
};

function resized(step: BackwardStep): Value {
  const { inputs, grads, ops } = step;
  const { shape } = inputs[0]!;
  const dy = grads[0]!;
  const factors = repetitions(step, dy.shape);
  if (factors) {
    const windows = { kernel_shape: factors.slice(2), strides: factors.slice(2) };
    return ops.scale(ops.node('AveragePool', [dy], { shape }, windows), elements(factors));
  }
  const changed = scalesOf(step).flatMap(({ axis, isSame }) => (isSame ? [] : [axis]));
  return transposed(
    ops,
    dy,
    shape,
    changed.sort((a, b) => a - b),
    (x, axes) => along(step, x, axes, dy.shape),
  );
}

/**
 * How often each element is repeated by axis, where the mode comes to that; then the gradient is a sum over blocks.
 * Whole factors only: with others the runtime’s rounding decides.
 */
function repetitions({ node, inputs: [x] }: Step, made: readonly number[]): number[] | undefined {
  const { shape } = x!;
  const factors = shape.map((size, axis) => made[axis]! / size);
  const isSpatial = shape.length >= 3 && shape.length <= 5 && factors[0] === 1 && factors[1] === 1;
  if (!isSpatial || stringAttribute(node, 'mode', 'nearest') !== 'nearest') return undefined;
  const rounding = stringAttribute(node, 'nearest_mode', 'round_prefer_floor');
  const repeats: Record<string, boolean> = {
    asymmetric: rounding === 'floor',
    tf_half_pixel_for_nn: rounding === 'floor',
    half_pixel: rounding.startsWith('round'),
    pytorch_half_pixel: rounding.startsWith('round'),
  };
  const mode = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel');
  return repeats[mode] && factors.every(Number.isInteger) ? factors : undefined;
}

/** What the node says of each axis: a scale where it has scales, else the size that comes out, which then defines the scale. */
function scalesOf(step: Step): { axis: number; scale?: number; isSame: boolean; roi: readonly [number, number] }[] {
  const { node, inputs, made } = step;
  const { shape } = inputs[0]!;
  if (stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch' && inputs[3])
    throw new TransferEvidenceError(
      'model-unsupported',
      `Node ${describe(node)} resizes with keep_aspect_ratio_policy “${stringAttribute(node, 'keep_aspect_ratio_policy', '')}”, for which there is no gradient rule here; “stretch” has one. Export the network with the sizes that come out.`,
    );
  const axes = (intsAttribute(node, 'axes') ?? range(shape.length)).map((axis) => axisOf(axis, shape.length));
  const isCropped = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize';
  const roi = isCropped ? fixedInput(step, 1, 'regions') : [];
  const scales = inputs[2] && elements(inputs[2].shape) > 0 ? fixedInput(step, 2, 'scales') : undefined;
  return axes.map((axis, i) => {
    const region = isCropped ? ([roi[i]!, roi[i + axes.length]!] as const) : ([0, 1] as const);
    const isWhole = region[0] === 0 && region[1] === 1;
    const isSame = isWhole && (scales ? scales[i] === 1 : made[0]!.shape[axis] === shape[axis]);
    return { axis, ...(scales && { scale: scales[i]! }), isSame, roi: region };
  });
}

/** The same resizing of some axes, of a tensor with an axis of size 1 before them. */
function along(step: Step, x: Value, axes: readonly number[], made: readonly number[]): Value {
  const { node, ops } = step;
  const known = scalesOf(step);
  const own = axes.map((axis) => known.find((entry) => entry.axis === axis)!);
  const shape = [...x.shape.slice(0, 2), ...axes.map((axis) => made[axis]!)];
  // Interpolation needs two axes to work on.
  const lone = axes.length === 1 ? [1] : [];
  const [from, to] = [
    [...x.shape, ...lone],
    [...shape, ...lone],
  ];
  const byScale = own[0]!.scale !== undefined;
  const regions = own.map(({ roi }) => roi);
  const roi = [0, 1].map((end) => [end, end, ...regions.map((region) => region[end]!), ...lone.map(() => end)]);
  const isCropped = stringAttribute(node, 'coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize';
  const inputs = [
    ops.reshape(x, from),
    isCropped ? ops.constant(Float32Array.from(roi.flat())) : undefined,
    byScale ? ops.constant(Float32Array.of(1, 1, ...own.map(({ scale }) => scale!), ...lone)) : undefined,
    byScale ? undefined : ops.ints(to),
  ];
  const text = (name: string, otherwise: string) => ({ [name]: stringAttribute(node, name, otherwise) });
  const attributes = {
    ...text('mode', 'nearest'),
    ...text('coordinate_transformation_mode', 'half_pixel'),
    ...text('nearest_mode', 'round_prefer_floor'),
    antialias: intAttribute(node, 'antialias', 0),
    exclude_outside: intAttribute(node, 'exclude_outside', 0),
    cubic_coeff_a: { float: floatAttribute(node, 'cubic_coeff_a', -0.75) },
    // What lies outside the image is a constant, whose gradient is 0.
    extrapolation_value: { float: 0 },
  };
  return ops.reshape(ops.node('Resize', inputs, { shape: to }, attributes), shape);
}
