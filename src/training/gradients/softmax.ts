import { type Family, intAttribute } from '../operator.ts';
import { axisOf } from '../shape.ts';

export const softmax: Family = {
  // dx = y · (dy − Σ dy · y), from the output alone.
  Softmax: {
    backward: ({ node, outputs: [y], grads: [dy], ops }) => {
      const axis = axisOf(intAttribute(node, 'axis', -1), y!.shape.length);
      const product = ops.mul(dy!, y!);
      return [ops.sub(product, ops.mul(y!, ops.reduce('ReduceSum', product, [axis])))];
    },
  },
  // dx = dy − softmax(x) · Σ dy.
  LogSoftmax: {
    backward: ({ node, outputs: [y], grads: [dy], ops }) => {
      const axis = axisOf(intAttribute(node, 'axis', -1), y!.shape.length);
      return [ops.sub(dy!, ops.mul(ops.unary('Exp', y!), ops.reduce('ReduceSum', dy!, [axis])))];
    },
  },
};
