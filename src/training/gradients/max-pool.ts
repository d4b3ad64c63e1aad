import { elements } from '../../onnx/model.ts';
import { intAttribute, type Operator, type Step } from '../operator.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import type { Windows } from '../windows.ts';
import { areTiles, poolAttributes, poolWindows, tiled } from './window-sums.ts';

/**
 * MaxPool, whose gradient is found in three ways. Windows side by side: elements are compared with the maximum of their window; those
 * that tie share its gradient equally. Elsewhere, on a processor, the runtime says where it found each maximum, the first of those
 * that tie. On graphics devices it cannot, so that every window that may hold an element is compared with it, and elements that tie
 * get the whole gradient each; after a rectifier that makes no difference, because it hands on nothing where it makes equal values.
 */
export const maxPool: Operator = {
  forward: (step) => {
    const { node, inputs, made, ops } = step;
    const windows = poolWindows(step);
    const isColumnMajor = intAttribute(node, 'storage_order', 0) === 1;
    if (node.outputs[1] && isColumnMajor)
      return ops.nodes('MaxPool', [inputs[0]], made, { ...poolAttributes(step, 'MaxPool', windows), storage_order: 1 });
    const needsPlaces = !ops.portable && !areTiles(windows, inputs[0]!.shape.slice(2));
    if (node.outputs[1] || needsPlaces) return withPlaces(step, windows);
    return [ops.node('MaxPool', [inputs[0]], made[0]!, poolAttributes(step, 'MaxPool', windows))];
  },
  backward: (step) => {
    const windows = poolWindows(step);
    const [y, dy] = [step.outputs[0]!, step.grads[0]!];
    if (areTiles(windows, step.inputs[0]!.shape.slice(2))) return [fromTiles(step, windows, y, dy)];
    return [step.ops.portable ? fromComparisons(step, windows, y, dy) : fromPlaces(step, windows, dy)];
  },
};

/** The maxima, and where in the whole row-major tensor each was found. */
function withPlaces(step: Step, windows: Windows): Value[] {
  const made = [step.made[0]!, { shape: step.made[0]!.shape, type: 'int64', name: 'places of maxima' } as const];
  return step.ops.nodes('MaxPool', [step.inputs[0]], made, poolAttributes(step, 'MaxPool', windows));
}

function fromPlaces(step: Step, windows: Windows, dy: Value): Value {
  const { ops, inputs } = step;
  const places = withPlaces(step, windows)[1]!;
  const size = elements(inputs[0]!.shape);
  const count = elements(dy.shape);
  const flat = [ops.zeros([size]), ops.reshape(places, [count]), ops.reshape(dy, [count])];
  const sums = ops.node('ScatterElements', flat, { shape: [size] }, { axis: 0, reduction: 'add' });
  return ops.reshape(sums, inputs[0]!.shape);
}

function fromTiles(step: Step, { kernel, strides }: Windows, y: Value, dy: Value): Value {
  const { ops } = step;
  const winners = winnersOf(step, tiled(step, ops.plain(y), kernel));
  const windows = { kernel_shape: [...kernel], strides: [...strides] };
  const share = ops.node('AveragePool', [winners], { shape: dy.shape }, windows);
  const each = ops.div(ops.scale(dy, 1 / elements(kernel)), share);
  return ops.mul(winners, tiled(step, each, kernel));
}

function fromComparisons(step: Step, windows: Windows, y: Value, dy: Value): Value {
  const { ops, inputs } = step;
  const { shape } = inputs[0]!;
  const axes = range(shape.length).slice(2);
  // A further window at the end of each axis, whose gradient is 0, is where there is no window.
  const none = dy.shape.map(() => 0);
  const further = dy.shape.map((_, axis) => (axis < 2 ? 0 : 1));
  const start = [{ maxima: ops.plain(y), slopes: ops.pad(dy, none, further) }];
  const terms = axes.reduce(
    (partial, axis) =>
      partial.flatMap(({ maxima, slopes }) =>
        holdersOf(windows, axis - 2, shape[axis]!).map((holders) => ({
          maxima: ops.gather(
            maxima,
            holders.map((window) => Math.min(window, windows.output[axis - 2]! - 1)),
            axis,
          ),
          slopes: ops.gather(slopes, holders, axis),
        })),
      ),
    start,
  );
  return ops.sum(terms.map(({ maxima, slopes }) => ops.mul(winnersOf(step, maxima), slopes)));
}

/**
 * The windows along one axis that hold each of its elements, as lists with one window an element; where an element has fewer than
 * another, the number of windows stands in.
 */
function holdersOf({ kernel, strides, dilations, padsBefore, output }: Windows, i: number, size: number): number[][] {
  const holders = range(size).map((place) =>
    range(output[i]!).filter((window) => {
      const within = place + padsBefore[i]! - window * strides[i]!;
      return within >= 0 && within % dilations[i]! === 0 && within / dilations[i]! < kernel[i]!;
    }),
  );
  const most = Math.max(1, ...holders.map(({ length }) => length));
  return range(most).map((turn) => holders.map((own) => own[turn] ?? output[i]!));
}

/** 1 where x is the maximum that stands at its place, elsewhere 0. */
function winnersOf({ inputs, ops }: Step, maxima: Value): Value {
  return ops.cast(ops.binary('Equal', ops.plain(inputs[0]!), maxima, 'bool'), 'float32');
}
