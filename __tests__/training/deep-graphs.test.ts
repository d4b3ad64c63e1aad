import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/build.ts';
import type { Facts } from '../../src/onnx/facts.ts';
import type { Model } from '../../src/onnx/model.ts';
import { pruned } from '../../src/onnx/prune.ts';
import { emitBackward, emitForward } from '../../src/training/differentiate.ts';
import { Ops } from '../../src/training/ops.ts';
import { prepare } from '../../src/training/prepare.ts';
import { lastBlock } from '../../src/training/strategies.ts';
import type { Value } from '../../src/training/value.ts';
import { growth, steep } from '../helpers/growth.ts';
import { computed } from '../helpers/operator-model.ts';

const shape = [1, 2];

/** x · w, then so many nodes: tanh and the addition of v by turns. */
function chain(nodes: number): Model {
  const g = new GraphBuilder('chain');
  const w = g.constant('w', Float32Array.of(1, 0, 0, 1), [2, 2]);
  const v = g.constant('v', Float32Array.of(0.1, -0.1));
  let last = g.node('MatMul', [g.input('x', ['N', 2]), w]);
  for (let i = 0; i < nodes; i++) last = i % 2 === 0 ? g.node('Tanh', [last]) : g.node('Add', [last, v]);
  g.node('Identity', [last], {}, 'features');
  g.output('features', ['N', 2]);
  return g.model(18);
}

const plain = (name: string, dims: readonly number[]): Value => ({
  name,
  shape: dims,
  type: 'float32',
  layout: 'plain',
});

/** Emits the chain and its gradients; every tensor but w has the shape of x. */
function differentiated({ graph }: Model): { nodes: number; gradients: string[] } {
  const facts: Facts = new Map(
    graph.nodes.flatMap(({ outputs }) => outputs.map((name) => [name, { type: 'float32', shape }])),
  );
  const ops = new Ops(new GraphBuilder('gradients'));
  const given = new Map(
    (
      [
        ['x', shape],
        ['w', [2, 2]],
        ['v', [2]],
      ] as const
    ).map(([name, dims]) => {
      ops.builder.input(name, [...dims]);
      return [name, plain(name, dims)];
    }),
  );
  const trained = new Set(['w', 'v']);
  const tape = emitForward({ graph, facts, given, trained, ops });
  const seeds = new Map([['features', ops.constant(Float32Array.of(1, 2), shape)]]);
  const gradients = emitBackward(tape, seeds, { ops, trained });
  return { nodes: ops.builder.graph().nodes.length, gradients: [...gradients.keys()] };
}

describe('a network of 20,000 nodes in a row', () => {
  it('is differentiated in time that grows with its length and not with its square', async () => {
    const { nodes, gradients } = differentiated(chain(20_000));
    expect(gradients).toEqual(['w', 'v']);
    expect(nodes).toBeGreaterThan(40_000);
    expect(await growth(1000, chain, differentiated)).toBeLessThan(steep);
  }, 60_000);

  it('is pruned to its first tenth', async () => {
    const model = chain(20_000);
    const { nodes } = pruned(model.graph, [{ name: model.graph.nodes[2000]!.outputs[0]!, rest: [] }]);
    expect(nodes).toHaveLength(2001);
    expect(await growth(1000, chain, ({ graph }) => pruned(graph, graph.outputs))).toBeLessThan(steep);
  });

  it('has a last block', async () => {
    const block = lastBlock(chain(20_000), 'features');
    // v is first read two nodes after w; of 6 numbers it holds 2.
    expect([...block.weights]).toEqual(['v']);
    expect(block.share).toBeCloseTo(1 / 3, 12);
    expect(await growth(1000, chain, (model) => lastBlock(model, 'features'))).toBeLessThan(steep);
  }, 60_000);

  it('has a last block where every node reads a weight of its own', async () => {
    const build = (nodes: number) => {
      const g = new GraphBuilder('weights');
      // The first weight outweighs all others, so that the search goes back to it.
      let last = g.node('MatMul', [g.input('x', ['N', 1000]), g.constant('w', new Float32Array(1e6), [1000, 1000])]);
      for (let i = 0; i < nodes; i++) last = g.node('Mul', [last, g.constant(`v${i}`, new Float32Array(2))]);
      g.node('Identity', [last], {}, 'features');
      g.output('features', ['N', 1000]);
      return g.model(18);
    };
    expect(lastBlock(build(20_000), 'features')).toMatchObject({ start: 'x', share: 1 });
    expect(await growth(1000, build, (model) => lastBlock(model, 'features'))).toBeLessThan(steep);
  }, 60_000);
});

describe('a network of 2,000 nodes in a row', () => {
  it('is brought to one form, and its shapes found, in time that grows with its length', async () => {
    const prepared = (model: Model) => prepare(model, { inputs: { x: shape }, runtime: ort });
    const { graph, facts } = await prepared(chain(2000));
    expect(graph.nodes).toHaveLength(2002);
    expect(facts.get('features')?.shape).toEqual(shape);
    expect(await growth(100, chain, prepared)).toBeLessThan(steep);
  }, 60_000);
});

describe('a weight that is doubled a hundred times', () => {
  const doubled = (g: GraphBuilder, weight: string) => {
    let last = weight;
    for (let i = 0; i < 100; i++) last = g.node('Add', [last, last]);
    return last;
  };

  it('counts to the block in which its double is read', () => {
    const g = new GraphBuilder('doubled');
    const w = g.constant('w', new Float32Array(4), [2, 2]);
    const first = g.node('MatMul', [g.input('x', ['N', 2]), g.constant('first', new Float32Array(4), [2, 2])]);
    const second = g.node('MatMul', [g.node('Tanh', [first], {}, 'start'), doubled(g, w)]);
    g.node('MatMul', [second, w], {}, 'features');
    g.output('features', ['N', 2]);
    expect(lastBlock(g.model(18), 'features')).toEqual({ start: 'start', weights: new Set(['w']), share: 0.5 });
  });

  it('has a gradient of 2¹⁰⁰', async () => {
    const g = new GraphBuilder('doubled');
    g.output(doubled(g, g.constant('w', Float32Array.of(1, -2))));
    const { gradients } = await computed(g.model(18), { cotangent: [1, 3] });
    expect([...gradients.get('w')!]).toEqual([2 ** 100, 3 * 2 ** 100]);
  });
});
