import { type BackwardStep, type Family, floatAttribute, type Operator, type Step } from '../operator.ts';
import type { Value } from '../value.ts';
import { elementwise, type Point } from './elementwise.ts';
import { above, below } from './heaviside.ts';

/** Beyond this a bound bounds nothing: exporters write float32’s largest number for “none”. */
const unbounded = 3.4e38;

/**
 * dy · slope where x > 0 and dy · (y + offset) elsewhere: the exponential units. With positive parameters y has the sign of x, so
 * that x need not be kept.
 */
function exponentialUnit({ x, y, dy, ops }: Point, slope: number, offset: number, keepsSign: boolean): Value {
  const right = ops.mul(dy, above(ops, keepsSign ? y : x));
  const left = ops.sub(dy, right);
  return ops.add(ops.scale(right, slope), ops.add(ops.scale(left, offset), ops.mul(left, y)));
}

/** dy where x > 0 and dy · (1 + y ÷ alpha) elsewhere, without a mask since both are 1 + min(y, 0) ÷ alpha (Barron 2017). */
function continuousUnit({ y, dy, ops }: Point, alpha: number): Value {
  const negative = ops.unary('Clip', y, {}, [undefined, ops.scalar(0)]);
  return ops.add(dy, ops.mul(ops.scale(dy, 1 / alpha), negative));
}

const alphaOf = (otherwise: number) => (point: Pick<Point, 'node'>) => floatAttribute(point.node, 'alpha', otherwise);
const leak = alphaOf(0.01);
const one = alphaOf(1);

/** Klambauer et al. 2017, as ONNX rounds them. */
const seluAlpha = alphaOf(1.6732631921768188);
const seluGamma = ({ node }: Pick<Point, 'node'>) => floatAttribute(node, 'gamma', 1.0507010221481323);

/**
 * A leaky unit’s slope is 1 above 0 and `alpha` at and below it. Between 0 and 1 y has the sign of x and one Clip of a steep line
 * makes both slopes.
 */
function leakyRelu(point: Point): Value {
  const { x, y, dy, ops } = point;
  const alpha = leak(point);
  if (alpha === 0) return ops.mul(dy, above(ops, y));
  if (alpha > 0 && alpha < 1)
    return ops.mul(dy, ops.factor('Clip', ops.scale(y, 2 ** 100), {}, [ops.scalar(alpha), ops.scalar(1)]));
  const right = ops.mul(dy, above(ops, x));
  return ops.add(right, ops.scale(ops.sub(dy, right), alpha));
}

/**
 * x where x > 0, slope · x elsewhere (He et al. 2015, equation 1). Written out, because the runtime’s kernel takes longer
 * than the four operators together and knows no layout but the plain one. At 0 the gradient is dy · slope, as PyTorch has it.
 */
const pRelu: Operator = {
  forward: ({ inputs: [x, slope], ops }) => [
    ops.add(ops.unary('Relu', x!), ops.mul(ops.unary('Clip', x!, {}, [undefined, ops.scalar(0)]), slope!)),
  ],
  backward: ({ inputs: [x, slope], grads: [dy], wants, ops }) => {
    const right = ops.mul(dy!, above(ops, x!));
    return [
      wants[0] ? ops.add(right, ops.mul(ops.sub(dy!, right), slope!)) : undefined,
      wants[1]
        ? ops.sumTo(ops.mul(dy!, ops.unary('Clip', x!, {}, [undefined, ops.scalar(0)])), slope!.shape)
        : undefined,
    ];
  },
};

/** A bound as a number, infinite when there is none; undefined when it is not the same for every image. */
function boundOf(step: Step, input: 1 | 2): number | undefined {
  if (!step.inputs[input]) return input === 1 ? -Infinity : Infinity;
  return step.wants[input] ? undefined : step.numbers(input)?.[0];
}

/**
 * Clip, ReLU6 among others: dy strictly between the bounds, 0 at and beyond them, as PyTorch’s relu6 and hardtanh have it
 * (torch.clamp has dy at the bounds themselves). Known from y, which lies at the bound exactly where x is at or beyond it, so that x
 * need not be kept.
 */
function clip(step: BackwardStep): readonly (Value | undefined)[] {
  const {
    inputs: [x, low, high],
    outputs: [y],
    grads: [dy],
    wants,
    ops,
  } = step;
  const [least, most] = [boundOf(step, 1), boundOf(step, 2)];
  const inside = [
    least === undefined ? above(ops, ops.sub(y!, low!)) : least > -unbounded && above(ops, y!, least),
    most === undefined ? below(ops, ops.sub(y!, high!)) : most < unbounded && below(ops, y!, most),
  ].filter((mask) => mask !== false);
  const outside = (bound: Value, mask: Value) => ops.reshape(ops.sumTo(ops.mul(dy!, mask), []), bound.shape);
  return [
    wants[0] ? inside.reduce((grad, mask) => ops.mul(grad, mask), dy!) : undefined,
    wants[1] ? outside(low!, below(ops, ops.sub(x!, low!))) : undefined,
    wants[2] ? outside(high!, above(ops, ops.sub(x!, high!))) : undefined,
  ];
}

/** Piecewise functions. At a kink the gradient is that of the flat side (Relu: 0 at 0). */
export const rectifiers: Family = {
  // From y: the pre-activation, the larger part of what training keeps, is let go.
  Relu: elementwise(({ y, dy, ops }) => ops.mul(dy, above(ops, y))),
  LeakyRelu: elementwise(leakyRelu, (node) => ({ alpha: { float: leak({ node }) } })),
  PRelu: pRelu,
  Elu: elementwise(
    (point) => {
      const alpha = one(point);
      return alpha === 1 ? continuousUnit(point, 1) : exponentialUnit(point, 1, alpha, alpha > 0);
    },
    (node) => ({ alpha: { float: one({ node }) } }),
  ),
  Selu: elementwise(
    (point) => {
      const [alpha, gamma] = [seluAlpha(point), seluGamma(point)];
      return exponentialUnit(point, gamma, gamma * alpha, alpha > 0 && gamma > 0);
    },
    (node) => ({ alpha: { float: seluAlpha({ node }) }, gamma: { float: seluGamma({ node }) } }),
  ),
  Celu: elementwise(
    (point) => continuousUnit(point, one(point)),
    (node) => ({ alpha: { float: one({ node }) } }),
  ),
  ThresholdedRelu: elementwise(
    (point) => {
      const { x, y, dy, ops } = point;
      const threshold = one(point);
      return ops.mul(dy, threshold >= 0 ? above(ops, y) : above(ops, x, threshold));
    },
    (node) => ({ alpha: { float: one({ node }) } }),
  ),
  Clip: {
    forward: (step) => {
      const bounds = ([1, 2] as const).map((input) => {
        const bound = boundOf(step, input);
        if (bound === undefined) return step.inputs[input];
        return Number.isFinite(bound) ? step.ops.scalar(bound) : undefined;
      });
      return [step.ops.unary('Clip', step.inputs[0]!, {}, bounds)];
    },
    backward: clip,
  },
};
