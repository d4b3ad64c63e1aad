import { formulationOf } from '../convolution/choose.ts';
import { biasGradient, convolve, weightGradientSwapped } from '../convolution/general.ts';
import { type ConvolutionShape, convolutionShape } from '../convolution/shape.ts';
import {
  type BackwardStep,
  type Family,
  intAttribute,
  intsAttribute,
  type Operator,
  stringAttribute,
} from '../operator.ts';

const conv: Operator = {
  forward: (step) => {
    const [x, w, bias] = step.inputs;
    return [formulationOf(step.ops, convolutionShape(step)).forward(x!, w!, bias)];
  },
  backward: (step) => {
    const { ops, inputs, grads, wants } = step;
    const formulation = formulationOf(ops, convolutionShape(step));
    const [x, w] = inputs;
    const dy = grads[0]!;
    return [
      wants[0] ? formulation.inputGradient(dy, w!) : undefined,
      wants[1] ? formulation.weightGradient(x!, dy) : undefined,
      wants[2] ? formulation.biasGradient(dy) : undefined,
    ];
  },
};

/** Y = Wᵀ ∗ X is what takes ∂L/∂Y to ∂L/∂X in a convolution from Y's maps to X's; its gradients are therefore that convolution's own. */
const convTranspose: Operator = {
  backward: (step) => {
    const { ops, inputs, grads, wants } = step;
    const shape = adjoint(step);
    const [x, w] = inputs;
    const dy = grads[0]!;
    return [
      wants[0] ? convolve(ops, shape, dy, w!) : undefined,
      wants[1] ? weightGradientSwapped(ops, shape, dy, x!) : undefined,
      wants[2] ? biasGradient(ops, dy) : undefined,
    ];
  },
};

/** The convolution of which a transposed one is the adjoint. */
function adjoint({ node, inputs, outputs }: BackwardStep): ConvolutionShape {
  const [x, w, y] = [inputs[0]!.shape, inputs[1]!.shape, outputs[0]!.shape];
  const kernel = w.slice(2);
  const given = (name: string, otherwise: number) => intsAttribute(node, name) ?? kernel.map(() => otherwise);
  const strides = given('strides', 1);
  const dilations = given('dilations', 1);
  const added = given('output_padding', 0);
  const groups = intAttribute(node, 'group', 1);
  const total = kernel.map(
    (k, i) => strides[i]! * (x[i + 2]! - 1) + added[i]! + dilations[i]! * (k - 1) + 1 - y[i + 2]!,
  );
  // An output size or “same” says how much is cut off; which side takes the odd one depends on it.
  const padded = stringAttribute(node, 'auto_pad', 'NOTSET');
  const computed = padded.startsWith('SAME') || node.attributes.output_shape !== undefined;
  const before = computed
    ? total.map((pad) => (padded === 'SAME_UPPER' ? Math.floor(pad / 2) : pad - Math.floor(pad / 2)))
    : (intsAttribute(node, 'pads')?.slice(0, kernel.length) ?? kernel.map(() => 0));
  return {
    images: x[0]!,
    channels: y[1]!,
    outputs: x[1]!,
    groups,
    input: y.slice(2),
    kernel,
    strides,
    dilations,
    before,
    // What the convolution needs so that exactly X's positions come out; output_padding leaves the rest unread.
    after: kernel.map((k, i) => strides[i]! * (x[i + 2]! - 1) + dilations[i]! * (k - 1) + 1 - y[i + 2]! - before[i]!),
    output: x.slice(2),
  };
}

export const convolutions: Family = { Conv: conv, ConvTranspose: convTranspose };
