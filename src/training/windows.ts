import type { Node } from '../onnx/model.ts';
import { intAttribute, intsAttribute, stringAttribute } from './operator.ts';

/** Where the windows of a convolution or a pool lie; every list has one entry a spatial axis. */
export interface Windows {
  kernel: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  /** Elements that are added in front of an axis; a window starts every stride from there. */
  padsBefore: readonly number[];
  padsAfter: readonly number[];
  /** How many windows there are. */
  output: readonly number[];
}

/**
 * Windows as ONNX defines them (Conv, MaxPool, AveragePool, LpPool of opset 18) and as the runtime has them where the standard leaves
 * room: SAME pads for the kernel without its dilations, never less than nothing, and a window that `ceil_mode` adds must start inside
 * the input or the pads in front of it, as in PyTorch.
 * @param inputShape [N, C, …spatial]
 * @param kernel spatial sizes
 */
export function windowsOf(node: Node, inputShape: readonly number[], kernel: readonly number[]): Windows {
  const sizes = inputShape.slice(2);
  const strides = intsAttribute(node, 'strides') ?? kernel.map(() => 1);
  const dilations = intsAttribute(node, 'dilations') ?? kernel.map(() => 1);
  const pads = sizes.map((size, i) => padsAlong(node, i, { size, kernel: kernel[i]!, stride: strides[i]! }));
  const ceil = intAttribute(node, 'ceil_mode', 0) === 1;
  const output = sizes.map((size, i) => {
    const [before, after] = pads[i]!;
    const stride = strides[i]!;
    const steps = (size + before + after - dilations[i]! * (kernel[i]! - 1) - 1) / stride;
    if (!ceil) return Math.floor(steps) + 1;
    const count = Math.ceil(steps) + 1;
    return (count - 1) * stride >= size + before ? count - 1 : count;
  });
  const padsBefore = pads.map(([before]) => before);
  return { kernel, strides, dilations, padsBefore, padsAfter: pads.map(([, after]) => after), output };
}

function padsAlong(
  node: Node,
  axis: number,
  { size, kernel, stride }: { size: number; kernel: number; stride: number },
): readonly [number, number] {
  const mode = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (mode === 'VALID') return [0, 0];
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
    const less = Math.floor(total / 2);
    return mode === 'SAME_UPPER' ? [less, total - less] : [total - less, less];
  }
  const pads = intsAttribute(node, 'pads');
  return pads ? [pads[axis]!, pads[axis + pads.length / 2]!] : [0, 0];
}
