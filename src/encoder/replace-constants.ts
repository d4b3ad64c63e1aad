import type { Model, Node, Tensor } from '../onnx/model.ts';

/**
 * The same network with other numbers in some of its float32 constants, held by initialisers and by Constant nodes alike; the
 * network that is given stays as it is.
 * @param replacement the new elements of a constant, or undefined to keep it
 */
export function replaceConstants(
  model: Model,
  replacement: (name: string, tensor: Tensor) => Float32Array | undefined,
): Model {
  const replaced = (tensor: Tensor, name: string): Tensor => {
    const values = replacement(name, tensor);
    if (!values) return tensor;
    const { external: _, ...own } = tensor;
    return { ...own, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
  };
  const nodes = model.graph.nodes.map((node): Node => {
    const value = node.op === 'Constant' ? node.attributes.value : undefined;
    if (value?.kind !== 'tensor') return node;
    const tensor = replaced(value.value, node.outputs[0] ?? '');
    return tensor === value.value
      ? node
      : { ...node, attributes: { ...node.attributes, value: { kind: 'tensor', value: tensor } } };
  });
  const initializers = model.graph.initializers.map((tensor) => replaced(tensor, tensor.name));
  return { ...model, graph: { ...model.graph, nodes, initializers } };
}
