import type * as ort from 'onnxruntime-node';
import { readBy } from '../../src/onnx/check.ts';
import type { Facts, TensorFacts } from '../../src/onnx/facts.ts';
import type { ElementType, Model, Tensor } from '../../src/onnx/model.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { outputsOf } from './networks.ts';

/** Facts about every tensor of a model as the runtime finds them when it runs: independent of any reasoning of ours. */
export async function observedFacts(model: Model, feed: Record<string, ort.Tensor>): Promise<Facts> {
  const { graph } = model;
  const facts = new Map<string, TensorFacts>();
  for (const [name, { type, dims }] of Object.entries(feed))
    facts.set(name, { type: type as ElementType, shape: dims });
  for (const value of graph.initializers) facts.set(value.name, { type: value.type, shape: value.dims, value });
  const made = graph.nodes.flatMap(({ outputs }) => outputs).filter((name) => name !== '');
  const all = { ...model, graph: { ...graph, outputs: made.map((name) => ({ name, rest: [] })) } };
  const results = await outputsOf(writeModel(all), feed);
  for (const node of graph.nodes)
    for (const name of node.outputs.filter((output) => output !== '')) {
      const constant = readBy(node).every((input) => input === '' || facts.get(input)?.value !== undefined);
      const found = results[name]!;
      const value = constant ? { value: asTensor(name, found) } : {};
      facts.set(name, { type: found.type as ElementType, shape: found.dims, ...value });
    }
  return facts;
}

function asTensor(name: string, { type, dims, data }: ort.Tensor): Tensor {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return { name, type: type as ElementType, dims: [...dims], data: new Uint8Array(buffer, byteOffset, byteLength) };
}
