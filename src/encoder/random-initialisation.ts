import { elements, type Model, type Node, type Tensor } from '../onnx/model.ts';
import { seededRandom } from '../random.ts';
import { type Role, trainableOf } from './trainable.ts';

export { countParameters } from './trainable.ts';

/**
 * The same network before any training: every trainable tensor re-drawn. Kernels are normal with variance gain / fan-in, gain 2 where a
 * rectifier follows and 1 elsewhere (He et al. 2015, equations 10 and 14; the linear case keeps residual and bottleneck branches from growing), biases 0, normalisations
 * the identity, tokens and positions normal with deviation 0.02. Each tensor has a stream of its own: the same seed and name, the same numbers.
 */
export function randomlyInitialised(model: Model, seed: number): Model {
  const roles = trainableOf(model);
  const redraw = (tensor: Tensor, name: string): Tensor => {
    const role = roles.get(name);
    if (!role) return tensor;
    const { external: _, ...own } = tensor;
    return { ...own, data: initial(role, elements(tensor.dims), seed, name) };
  };
  const nodes = model.graph.nodes.map((node): Node => {
    const value = node.op === 'Constant' ? node.attributes.value : undefined;
    const name = node.outputs[0] ?? '';
    if (value?.kind !== 'tensor' || !roles.has(name)) return node;
    return { ...node, attributes: { ...node.attributes, value: { kind: 'tensor', value: redraw(value.value, name) } } };
  });
  const initializers = model.graph.initializers.map((tensor) => redraw(tensor, tensor.name));
  return { ...model, graph: { ...model.graph, nodes, initializers } };
}

function initial(role: Role, length: number, seed: number, name: string): Uint8Array {
  const values = new Float32Array(length);
  if (role.kind === 'kernel') fillNormal(values, Math.sqrt((role.rectified ? 2 : 1) / role.fanIn), seed, name);
  else if (role.kind === 'embedding') fillNormal(values, 0.02, seed, name);
  else if (role.kind === 'scale' || role.kind === 'running variance') values.fill(1);
  else if (role.kind === 'slope') values.fill(0.25);
  return new Uint8Array(values.buffer);
}

/** Tens of millions of normal numbers: a small generator (sfc32, Doty-Humphrey), seeded from the project's, and both results of each Box–Muller pair. */
function fillNormal(values: Float32Array, deviation: number, seed: number, name: string): void {
  const random = seededRandom(seed, 'random initialisation', name);
  let [a, b, c, counter] = [0, 0, 0, 0].map(() => random.integer(2 ** 31)) as [number, number, number, number];
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}
