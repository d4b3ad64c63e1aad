import type { BackwardStep, Family, Operator, Step } from '../operator.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { half } from './heaviside.ts';

type Gradients = readonly (Value | undefined)[];

/** The gradient of each input that wants one, summed over the axes along which it was broadcast. */
function each({ inputs, wants, ops }: BackwardStep, gradients: readonly (() => Value)[]): Gradients {
  return inputs.map((input, i) => (wants[i] ? ops.sumTo(gradients[i]!(), input!.shape) : undefined));
}

/** The exponent, where it is one and the same number for all. */
function exponentOf({ wants, numbers }: BackwardStep): number | undefined {
  const exponents = wants[1] ? undefined : numbers(1);
  return exponents?.every((exponent) => exponent === exponents[0]) ? exponents[0] : undefined;
}

/** dy · p · x^(p − 1), without Pow for the exponents that networks use. */
function powerSlope({ inputs: [x], outputs: [y], ops }: BackwardStep, dy: Value, p: number): Value | undefined {
  if (p === 0) return undefined;
  if (p === 1) return dy;
  if (p === 2) return ops.mul(ops.scale(dy, 2), x!);
  if (p === 3) return ops.mul(ops.scale(dy, 3), ops.square(x!));
  if (p === 0.5) return ops.div(ops.scale(dy, 0.5), y!);
  if (p === -1) return ops.neg(ops.mul(dy, ops.square(y!)));
  return ops.mul(ops.scale(dy, p), ops.binary('Pow', x!, ops.scalar(p - 1)));
}

/** As PyTorch has it: nothing goes to the base where the exponent is 0, and nothing to the exponent where the base is not positive. */
function power(step: BackwardStep): Gradients {
  const {
    inputs: [x, exponents],
    outputs: [y],
    grads: [dy],
    wants,
    ops,
  } = step;
  const known = exponentOf(step);
  if (known !== undefined) {
    const slope = powerSlope(step, dy!, known);
    return [slope && ops.sumTo(slope, x!.shape)];
  }
  const p = ops.cast(exponents!, 'float32');
  const base = () => {
    const slope = ops.mul(p, ops.binary('Pow', x!, ops.sub(p, ops.scalar(1))));
    return ops.mul(dy!, ops.where(ops.binary('Equal', p, ops.scalar(0), 'bool'), ops.scalar(0), slope));
  };
  const exponent = () => {
    const positive = ops.binary('Greater', x!, ops.scalar(0), 'bool');
    const logarithm = ops.unary('Log', ops.where(positive, x!, ops.scalar(1)));
    return ops.mul(ops.mul(dy!, y!), logarithm);
  };
  return [wants[0] ? ops.sumTo(base(), x!.shape) : undefined, wants[1] ? ops.sumTo(exponent(), p.shape) : undefined];
}

function folded(op: string): (step: Step) => readonly Value[] {
  return ({ inputs, ops }) => [inputs.map((value) => value!).reduce((a, b) => ops.binary(op, a, b))];
}

/** Maximum or minimum of several tensors; those that tie share the gradient equally (PyTorch’s maximum; amax for more than two). */
function extreme(op: 'Max' | 'Min'): Operator {
  return {
    forward: folded(op),
    backward: (step) => {
      const { inputs, outputs, grads, ops } = step;
      const [[a, b], dy] = [inputs, grads[0]!];
      if (inputs.length === 1) return [dy];
      if (inputs.length === 2) {
        const first = ops.mul(dy, half(ops, op === 'Max' ? ops.sub(a!, b!) : ops.sub(b!, a!)));
        return each(step, [() => first, () => ops.sub(dy, first)]);
      }
      const winners = inputs.map((value) => ops.cast(ops.binary('Equal', value!, outputs[0]!, 'bool'), 'float32'));
      const share = ops.div(dy, ops.sum(winners));
      return each(
        step,
        winners.map((winner) => () => ops.mul(share, winner)),
      );
    },
  };
}

/** Sum or, divided by their number, mean of several tensors. */
function total(divisor: (count: number) => number): Operator {
  return {
    forward: ({ inputs, ops }) => [ops.scale(ops.sum(inputs.map((value) => value!)), 1 / divisor(inputs.length))],
    backward: (step) => {
      const { inputs, grads, ops } = step;
      const share = ops.scale(grads[0]!, 1 / divisor(inputs.length));
      return each(
        step,
        range(inputs.length).map(() => () => share),
      );
    },
  };
}

/** The part of dy that goes to what a condition chose. */
function chosen(ops: Ops, dy: Value, condition: Value): Value {
  return ops.mul(dy, ops.cast(condition, 'float32'));
}

/** Arithmetic on tensors that are broadcast against each other. */
export const arithmetic: Family = {
  Add: { backward: (step) => each(step, [() => step.grads[0]!, () => step.grads[0]!]) },
  Sub: { backward: (step) => each(step, [() => step.grads[0]!, () => step.ops.neg(step.grads[0]!)]) },
  Mul: {
    backward: (step) => {
      const { inputs, grads, ops } = step;
      return each(step, [() => ops.mul(grads[0]!, inputs[1]!), () => ops.mul(grads[0]!, inputs[0]!)]);
    },
  },
  Div: {
    backward: (step) => {
      const { inputs, outputs, grads, ops } = step;
      // The same quotient serves both.
      const quotient = () => ops.div(grads[0]!, inputs[1]!);
      return each(step, [quotient, () => ops.neg(ops.mul(quotient(), outputs[0]!))]);
    },
  },
  Pow: { forward: ({ inputs, ops }) => [ops.binary('Pow', inputs[0]!, inputs[1]!)], backward: power },
  Max: extreme('Max'),
  Min: extreme('Min'),
  Sum: total(() => 1),
  Mean: total((count) => count),
  Where: {
    backward: (step) => {
      const { inputs, grads, wants, ops } = step;
      const [condition, dy] = [inputs[0]!, grads[0]!];
      const yes = wants[1] ? chosen(ops, dy, condition) : undefined;
      const no = () =>
        yes
          ? ops.sub(dy, yes)
          : chosen(ops, dy, ops.raw('Not', [condition], [{ shape: condition.shape, type: 'bool' }])[0]!);
      return [
        undefined,
        yes && ops.sumTo(yes, inputs[1]!.shape),
        wants[2] ? ops.sumTo(no(), inputs[2]!.shape) : undefined,
      ];
    },
  },
};
