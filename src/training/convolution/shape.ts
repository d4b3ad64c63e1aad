import { elements } from '../../onnx/model.ts';
import { intAttribute, type Step } from '../operator.ts';
import { windowsOf } from '../windows.ts';

/** The sizes of a convolution [N, C, …] ∗ [O, C/groups, …] → [N, O, …]; lists have one entry a spatial axis. */
export interface ConvolutionShape {
  images: number;
  channels: number;
  outputs: number;
  groups: number;
  input: readonly number[];
  kernel: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  before: readonly number[];
  after: readonly number[];
  output: readonly number[];
}

export function convolutionShape({ node, inputs }: Pick<Step, 'node' | 'inputs'>): ConvolutionShape {
  const [x, w] = [inputs[0]!.shape, inputs[1]!.shape];
  const { kernel, strides, dilations, padsBefore, padsAfter, output } = windowsOf(node, x, w.slice(2));
  return {
    images: x[0]!,
    channels: x[1]!,
    outputs: w[0]!,
    groups: intAttribute(node, 'group', 1),
    input: x.slice(2),
    kernel,
    strides,
    dilations,
    before: padsBefore,
    after: padsAfter,
    output,
  };
}

/** Its attributes as the runtime takes them. */
export function convolutionAttributes({ groups, kernel, strides, dilations, before, after }: ConvolutionShape) {
  return {
    group: groups,
    kernel_shape: [...kernel],
    strides: [...strides],
    dilations: [...dilations],
    pads: [...before, ...after],
  };
}

/** One number a channel sees: a matrix product. */
export function isPointwise(shape: ConvolutionShape): boolean {
  const { groups, kernel, strides, before, after } = shape;
  return (
    groups === 1 &&
    elements(kernel) === 1 &&
    [...strides].every((s) => s === 1) &&
    [...before, ...after].every((p) => p === 0)
  );
}

export function hasUnitStride({ strides }: ConvolutionShape): boolean {
  return strides.every((stride) => stride === 1);
}

/** Each channel on its own. */
export function isDepthwise({ groups, channels, outputs }: ConvolutionShape): boolean {
  return groups > 1 && groups === channels && outputs === channels;
}

/** Positions in one output map. */
export function positions({ output }: ConvolutionShape): number {
  return elements(output);
}

/** The convolution without strides that takes ∂L/∂Y to ∂L/∂X: inputs and outputs exchanged, pads such that X's positions come out. */
export function turnedBack(shape: ConvolutionShape): ConvolutionShape {
  const { channels, outputs, input, kernel, dilations, before, after, output } = shape;
  const around = (pads: readonly number[]) => pads.map((pad, i) => dilations[i]! * (kernel[i]! - 1) - pad);
  return {
    ...shape,
    channels: outputs,
    outputs: channels,
    input: output,
    output: input,
    before: around(before),
    after: around(after),
  };
}
