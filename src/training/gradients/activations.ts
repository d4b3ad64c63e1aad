import { TransferEvidenceError } from '../../errors.ts';
import { describe } from '../../onnx/check.ts';
import { intAttribute } from '../../onnx/constants.ts';
import { type Family, floatAttribute, type Operator, type Step } from '../operator.ts';
import { elementary } from './elementary.ts';
import { elementwise, type Point } from './elementwise.ts';
import { gaussianUnits } from './gaussian-units.ts';
import { above, below } from './heaviside.ts';
import { rectifiers } from './rectifiers.ts';

/** dy · y · (1 − y). */
function sigmoid({ y, dy, ops }: Point) {
  const product = ops.mul(dy, y);
  return ops.sub(product, ops.mul(product, y));
}

const slopeOf = ({ node }: Pick<Point, 'node'>) => floatAttribute(node, 'alpha', 0.2);
const offsetOf = ({ node }: Pick<Point, 'node'>) => floatAttribute(node, 'beta', 0.5);

/** x · h with h = max(0, min(1, x ÷ 6 + ½)): dy · (h + x ÷ 6) between −3 and 3, dy · h beyond (Howard et al. 2019). */
function hardSwish({ x, dy, ops }: Point) {
  const h = ops.factor('HardSigmoid', x, { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });
  const bend = ops.mul(ops.mul(x, below(ops, ops.unary('Abs', x), 3)), ops.scale(dy, 1 / 6));
  return ops.add(ops.mul(dy, h), bend);
}

/** x · t with t = tanh(softplus(x)): dy · (t + x · σ(x) · (1 − t²)) (Misra 2020). */
function mish({ x, dy, ops }: Point) {
  const t = ops.unary('Tanh', ops.unary('Softplus', x));
  const s = ops.mul(x, ops.factor('Sigmoid', x));
  return ops.mul(dy, ops.add(t, ops.sub(s, ops.mul(s, ops.square(t)))));
}

/** y = x ÷ (1 + |x|): dy · (1 − |y|)². */
function softsign({ y, dy, ops }: Point) {
  const size = ops.unary('Abs', y);
  const once = ops.sub(dy, ops.mul(dy, size));
  return ops.sub(once, ops.mul(once, size));
}

/** Hands on what it is given. */
const passing: Operator = {
  forward: ({ inputs }) => [inputs[0]!],
  backward: ({ grads }) => [grads[0]],
};

function refuseTraining(step: Step): void {
  if (!step.inputs[2] || step.numbers(2)?.[0] === 0) return;
  throw new TransferEvidenceError(
    'model-unsupported',
    `Node ${describe(step.node)} drops elements at random. Export the network for inference (in PyTorch: after model.eval()).`,
  );
}

/** Functions of one tensor, number by number. */
export const activations: Family = {
  ...elementary,
  ...rectifiers,
  ...gaussianUnits,
  Sigmoid: elementwise(sigmoid),
  HardSigmoid: elementwise(
    (point) => {
      const { y, dy, ops } = point;
      return ops.mul(ops.mul(ops.scale(dy, slopeOf(point)), above(ops, y)), below(ops, y, 1));
    },
    (node) => ({ alpha: { float: slopeOf({ node }) }, beta: { float: offsetOf({ node }) } }),
  ),
  HardSwish: elementwise(hardSwish),
  Mish: elementwise(mish),
  Softplus: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.factor('Sigmoid', x))),
  Softsign: elementwise(softsign),
  Identity: passing,
  // Networks are trained as they are evaluated, with nothing dropped.
  Dropout: {
    forward: (step) => {
      refuseTraining(step);
      return step.node.outputs[1] ? step.ops.nodes('Dropout', [step.inputs[0]], step.made) : [step.inputs[0]!];
    },
    backward: passing.backward,
  },
  Cast: {
    // What has a gradient is float32 on both sides, so that there is nothing to convert.
    forward: ({ node, inputs, made, ops }) =>
      inputs[0]!.type === 'float32' && intAttribute(node, 'to', 1) === 1
        ? [inputs[0]!]
        : ops.nodes('Cast', inputs, made, { to: intAttribute(node, 'to', 1) }),
    backward: passing.backward,
  },
  CastLike: passing,
};
