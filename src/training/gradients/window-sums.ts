import type { AttributeValue } from '../../onnx/build.ts';
import { elements } from '../../onnx/model.ts';
import { intAttribute, intsAttribute, type Step } from '../operator.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { type Windows, windowsOf } from '../windows.ts';
import { repeated, transposed } from './linear-map.ts';

/** The windows of a pool. */
export function poolWindows({ node, inputs }: Step): Windows {
  return windowsOf(node, inputs[0]!.shape, intsAttribute(node, 'kernel_shape')!);
}

/** Whether windows lie side by side from the first element on, each wholly inside. What is left at the end belongs to none. */
export function areTiles(
  { kernel, strides, dilations, padsBefore, output }: Windows,
  sizes: readonly number[],
): boolean {
  return kernel.every(
    (size, i) =>
      (size === strides[i] || output[i] === 1) &&
      (dilations[i] === 1 || size === 1) &&
      padsBefore[i] === 0 &&
      output[i]! * size <= sizes[i]!,
  );
}

/**
 * The gradient of the mean (AveragePool) or the sum of absolute values (LpPool, of what is not negative) of windows: each element
 * gets what the windows that hold it have to give.
 * @param dy of the pool's output shape
 */
export function spreadOver(step: Step, dy: Value, op: 'AveragePool' | 'LpPool', windows: Windows): Value {
  const { ops, inputs } = step;
  const { shape } = inputs[0]!;
  const { kernel } = windows;
  if (areTiles(windows, shape.slice(2))) {
    const each = op === 'AveragePool' ? ops.scale(dy, 1 / elements(kernel)) : dy;
    return tiled(step, each, kernel);
  }
  const axes = range(shape.length).slice(2);
  return transposed(ops, dy, shape, axes, (x, some) => {
    const made = [...x.shape.slice(0, 2), ...some.map((axis) => windows.output[axis - 2]!)];
    const attributes = poolAttributes(step, op, windows, some);
    return ops.node(op, [x], { shape: made }, op === 'LpPool' ? { ...attributes, p: 1 } : attributes);
  });
}

/** Every element of a pool's output at all places of its window; zeros where no window is. */
export function tiled({ ops, inputs }: Step, values: Value, kernel: readonly number[]): Value {
  const whole = repeated(ops, values, [1, 1, ...kernel]);
  return ops.pad(
    whole,
    whole.shape.map(() => 0),
    whole.shape.map((size, axis) => inputs[0]!.shape[axis]! - size),
  );
}

/**
 * A pool’s attributes, for some of its axes, with all that is automatic written out. Where the last window hangs over the end, pads
 * say so instead of `ceil_mode`: the standard and the runtime do not agree on how many windows that makes, and a session that expects
 * the standard’s number cannot be made.
 */
export function poolAttributes(
  { node, inputs }: Step,
  op: 'MaxPool' | 'AveragePool' | 'LpPool',
  windows: Windows,
  axes: readonly number[] = range(inputs[0]!.shape.length).slice(2),
): Record<string, AttributeValue> {
  const pick = (list: readonly number[]) => axes.map((axis) => list[axis - 2]!);
  const { kernel, padsBefore, padsAfter } = windows;
  const after = padsToLast(windows, inputs[0]!.shape.slice(2));
  const counts = op === 'AveragePool' ? intAttribute(node, 'count_include_pad', 0) : 0;
  const hangsOver = after.some((size, i) => size > padsAfter[i]!);
  // Pads may not be as large as the kernel, and a mean that counts pads does not count what hangs over.
  const isSayable = after.every((size, i) => size < kernel[i]!) && !(counts === 1 && hangsOver);
  return {
    kernel_shape: pick(kernel),
    strides: pick(windows.strides),
    pads: [...pick(padsBefore), ...pick(isSayable ? after : padsAfter)],
    ceil_mode: isSayable ? 0 : intAttribute(node, 'ceil_mode', 0),
    ...(op === 'AveragePool' ? { count_include_pad: counts } : { dilations: pick(windows.dilations) }),
  };
}

/** Pads after each axis that hold the whole of its last window. */
function padsToLast({ kernel, strides, dilations, padsBefore, padsAfter, output }: Windows, sizes: readonly number[]) {
  return sizes.map((size, i) => {
    const end = (output[i]! - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1;
    return Math.max(padsAfter[i]!, end - size - padsBefore[i]!);
  });
}
