import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { gradientsLast } from '../../src/training/execution-order.ts';

describe('the order of a training graph', () => {
  it('lists what only the way back reads, but does not depend on it, before the way back', () => {
    const g = new GraphBuilder('order');
    g.input('x', [1]);
    const y = g.node('Relu', ['x'], {}, 'y');
    const gradient = g.node('Neg', [y], {}, 'gradient');
    const half = g.node('Abs', [gradient], {}, 'half way back');
    const mask = g.node('Sign', [y], {}, 'mask');
    g.output(g.node('Mul', [half, mask], {}, 'back'));
    const { nodes, outputs } = gradientsLast(g.graph(), gradient);
    expect(nodes.flatMap((node) => node.outputs)).toEqual(['y', 'gradient', 'mask', 'half way back', 'back']);
    expect(outputs).toEqual(g.graph().outputs);
  });

  it('leaves out what no output needs', () => {
    const g = new GraphBuilder('order');
    g.input('x', [1]);
    const gradient = g.node('Neg', ['x'], {}, 'gradient');
    g.node('Sign', [gradient], {}, 'unread');
    g.output(g.node('Abs', [gradient], {}, 'back'));
    const { nodes, inputs } = gradientsLast(g.graph(), gradient);
    expect(nodes.flatMap((node) => node.outputs)).toEqual(['gradient', 'back']);
    expect(inputs).toEqual(g.graph().inputs);
  });
});
