import { TransferEvidenceError } from '../../errors.ts';
import type { AttributeValue } from '../../onnx/build.ts';
import { describe } from '../../onnx/check.ts';
import { elements } from '../../onnx/model.ts';
import { type BackwardStep, type Family, floatAttribute, intAttribute, type Operator, type Step } from '../operator.ts';
import type { Ops } from '../ops.ts';
import { axisOf, range } from '../shape.ts';
import type { Value } from '../value.ts';

/** What the runtime computes of a row on the way: y, x − mean (x itself where nothing is centred) and 1 ÷ standard deviation. */
interface Normalised {
  x: Value;
  /** Absent where nothing is centred (RMS normalisation). */
  mean?: Value;
  inverse: Value;
  scale: Value;
  /** First of the axes that are normalised. */
  axis: number;
  dy: Value;
}

/**
 * With x̂ = (x − mean) · inverse and g = dy · scale: dx = inverse · (g − mean(g) − x̂ · mean(g · x̂)), dscale = Σ dy · x̂ (Ba et al.
 * 2016; without the second term for Zhang & Sennrich 2019, which centres nothing). Both means are products of a matrix and the
 * vector of scales, which reads dy and dy · x̂ once and writes neither g · x̂.
 */
function derivative(ops: Ops, { x, mean, inverse, scale, axis, dy }: Normalised, wantsX: boolean) {
  const row = x.shape.slice(axis);
  const [width, height] = [elements(row), elements(x.shape.slice(0, axis))];
  const centred = mean ? ops.sub(x, mean) : x;
  const normal = ops.mul(centred, inverse);
  const product = ops.mul(dy, normal);
  const whole = ops.expand(scale, row);
  // The scales carry the 1 ÷ width: a product with one column is four times as fast where alpha is 1.
  const column = ops.reshape(ops.scale(whole, 1 / width), [width, 1]);
  const averages = (value: Value): Value =>
    ops.reshape(ops.matmul(ops.reshape(value, [height, width]), column), inverse.shape);
  const dx = () => {
    const own = ops.sub(ops.mul(dy, whole), ops.mul(normal, averages(product)));
    return ops.mul(mean ? ops.sub(own, averages(dy)) : own, inverse);
  };
  return { dx: wantsX ? dx() : undefined, dscale: () => columnSums(ops, product, axis, scale.shape) };
}

/** The sum over the axes before `axis`, and down to `shape`. As a product with a row of ones it takes half of ReduceSum's time. */
function columnSums(ops: Ops, value: Value, axis: number, shape: readonly number[]): Value {
  const row = value.shape.slice(axis);
  const [width, height] = [elements(row), elements(value.shape.slice(0, axis))];
  const sums = ops.matmul(ops.full([1, height], 1), ops.reshape(value, [height, width]));
  return ops.sumTo(ops.reshape(sums, row), shape);
}

function refuseStatistics({ node, grads }: BackwardStep, last: number): void {
  if (grads.slice(1, last).every((grad) => grad === undefined)) return;
  throw new TransferEvidenceError(
    'model-unsupported',
    `The network computes with the statistics that node ${describe(node)} gives beside its result; there is no gradient rule for them. Export the network without them.`,
  );
}

/** Shapes of the result and of the statistics beside it. */
function statistics(x: Value, axis: number, count: number) {
  const each = x.shape.map((size, i) => (i < axis ? size : 1));
  return [{ shape: x.shape }, ...Array.from({ length: count }, () => ({ shape: each }))];
}

const epsilonOf = ({ node }: Step, otherwise: number) => floatAttribute(node, 'epsilon', otherwise);

/** The result and its statistics: (the mean and) the inverse. */
function normalise(
  ops: Ops,
  [x, scale, shift]: readonly (Value | undefined)[],
  { axis, epsilon, centres }: { axis: number; epsilon: number; centres: boolean },
): Value[] {
  const attributes: Record<string, AttributeValue> = { axis, epsilon: { float: epsilon } };
  if (centres) return ops.nodes('LayerNormalization', [x, scale, shift], statistics(x!, axis, 2), attributes);
  if (!ops.portable) return ops.nodes('SimplifiedLayerNormalization', [x, scale], statistics(x!, axis, 1), attributes);
  // On graphics devices the runtime (1.30) gives the mean where the inverse belongs.
  const plain = ops.plain(x!);
  const squares = ops.reduce('ReduceMean', ops.square(plain), range(plain.shape.length).slice(axis));
  const inverse = ops.unary('Reciprocal', ops.unary('Sqrt', ops.add(squares, ops.scalar(epsilon))));
  return [ops.mul(ops.mul(plain, inverse), scale!), inverse];
}

/** LayerNormalization, and RMS normalisation as the runtime's optimiser writes it. Outputs: the result, (the mean,) the inverse. */
function layerNormalisation(centres: boolean): Operator {
  const axisIn = ({ node, inputs }: Step) => axisOf(intAttribute(node, 'axis', -1), inputs[0]!.shape.length);
  return {
    forward: (step) =>
      normalise(step.ops, step.inputs, { axis: axisIn(step), epsilon: epsilonOf(step, 1e-5), centres }),
    backward: (step) => {
      const { inputs, outputs, grads, wants, ops } = step;
      refuseStatistics(step, outputs.length);
      const [axis, dy] = [axisIn(step), ops.plain(grads[0]!)];
      const [x, scale, bias] = [ops.plain(inputs[0]!), inputs[1]!, inputs[2]];
      const of = { x, inverse: outputs.at(-1)!, scale, axis, dy, ...(centres && { mean: outputs[1]! }) };
      const { dx, dscale } = derivative(ops, of, wants[0] === true);
      return [dx, wants[1] ? dscale() : undefined, wants[2] ? columnSums(ops, dy, axis, bias!.shape) : undefined];
    },
  };
}

/**
 * x + skip (+ bias) and its normalisation in one node of the runtime's own domain; the sum is its fourth output. Taken apart again, so
 * that gradients go through the parts. Inputs: x, skip, scale, (bias of the normalisation,) bias of the sum.
 */
function skipNormalisation(centres: boolean): Operator {
  const parts = ({ inputs: [x, skip, scale, ...biases], wants: [, , , ...wanted] }: Step) => ({
    x: x!,
    skip: skip!,
    scale: scale!,
    shift: centres ? biases[0] : undefined,
    bias: biases[centres ? 1 : 0],
    wantsShift: centres && wanted[0] === true,
    wantsBias: wanted[centres ? 1 : 0] === true,
  });
  return {
    forward: (step) => {
      const { ops } = step;
      const { x, skip, scale, shift, bias } = parts(step);
      const both = ops.add(ops.plain(x), ops.plain(skip));
      const sum = bias ? ops.add(both, bias) : both;
      const axis = sum.shape.length - 1;
      const [y, ...beside] = normalise(ops, [sum, scale, shift], { axis, epsilon: epsilonOf(step, 1e-12), centres });
      return [y!, ...(centres ? beside : [beside[0]!, beside[0]!]), sum];
    },
    backward: (step) => {
      const { outputs, grads, wants, ops } = step;
      refuseStatistics(step, 3);
      const { x, skip, scale, shift, bias, wantsShift, wantsBias } = parts(step);
      const sum = outputs[3]!;
      const axis = sum.shape.length - 1;
      const dy = grads[0] && ops.plain(grads[0]);
      const of = dy && { x: sum, inverse: outputs[2]!, scale, axis, dy, ...(centres && { mean: outputs[1]! }) };
      const through = of && derivative(ops, of, true);
      const both = [through?.dx, grads[3]].filter((grad) => grad !== undefined);
      const dSum = ops.sum(both);
      const biases = [
        ...(centres ? [wantsShift && dy ? columnSums(ops, dy, axis, shift!.shape) : undefined] : []),
        wantsBias ? ops.sumTo(dSum, bias!.shape) : undefined,
      ];
      return [
        wants[0] ? ops.sumTo(dSum, x.shape) : undefined,
        wants[1] ? ops.sumTo(dSum, skip.shape) : undefined,
        wants[2] ? through?.dscale() : undefined,
        ...biases,
      ];
    },
  };
}

export const layerNormalisations: Family = {
  LayerNormalization: layerNormalisation(true),
  SimplifiedLayerNormalization: layerNormalisation(false),
  'com.microsoft:SkipLayerNormalization': skipNormalisation(true),
  'com.microsoft:SkipSimplifiedLayerNormalization': skipNormalisation(false),
};
