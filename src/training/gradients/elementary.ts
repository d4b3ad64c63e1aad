import type { Family } from '../operator.ts';
import { elementwise } from './elementwise.ts';
import { signOf } from './heaviside.ts';

/** Constant almost everywhere. */
const flat = elementwise(() => undefined);

/** Elementary functions. Where a function has no derivative the limit stands, infinite for Sqrt at 0 as in PyTorch; Abs has 0 at 0. */
export const elementary: Family = {
  Abs: elementwise(({ x, dy, ops }) => ops.mul(dy, signOf(ops, x))),
  Neg: elementwise(({ dy, ops }) => ops.neg(dy)),
  Exp: elementwise(({ y, dy, ops }) => ops.mul(dy, y)),
  Log: elementwise(({ x, dy, ops }) => ops.div(dy, x)),
  Sqrt: elementwise(({ y, dy, ops }) => ops.div(ops.scale(dy, 0.5), y)),
  Reciprocal: elementwise(({ y, dy, ops }) => ops.neg(ops.mul(dy, ops.square(y)))),
  Erf: elementwise(({ x, dy, ops }) =>
    ops.mul(ops.scale(dy, 2 / Math.sqrt(Math.PI)), ops.factor('Exp', ops.neg(ops.square(x)))),
  ),
  Sin: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.factor('Cos', x))),
  Cos: elementwise(({ x, dy, ops }) => ops.neg(ops.mul(dy, ops.unary('Sin', x)))),
  Tan: elementwise(({ y, dy, ops }) => ops.add(dy, ops.mul(dy, ops.square(y)))),
  Asin: elementwise(({ x, dy, ops }) => ops.div(dy, ops.unary('Sqrt', ops.sub(ops.scalar(1), ops.square(x))))),
  Acos: elementwise(({ x, dy, ops }) => ops.neg(ops.div(dy, ops.unary('Sqrt', ops.sub(ops.scalar(1), ops.square(x)))))),
  Atan: elementwise(({ x, dy, ops }) => ops.div(dy, ops.add(ops.square(x), ops.scalar(1)))),
  Sinh: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.factor('Cosh', x))),
  Cosh: elementwise(({ x, dy, ops }) => ops.mul(dy, ops.unary('Sinh', x))),
  Tanh: elementwise(({ y, dy, ops }) => ops.sub(dy, ops.mul(dy, ops.square(y)))),
  Asinh: elementwise(({ x, dy, ops }) => ops.div(dy, ops.unary('Sqrt', ops.add(ops.square(x), ops.scalar(1))))),
  Acosh: elementwise(({ x, dy, ops }) => ops.div(dy, ops.unary('Sqrt', ops.sub(ops.square(x), ops.scalar(1))))),
  Atanh: elementwise(({ x, dy, ops }) => ops.div(dy, ops.sub(ops.scalar(1), ops.square(x)))),
  Floor: flat,
  Ceil: flat,
  Round: flat,
  Sign: flat,
};
