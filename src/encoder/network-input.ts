import { TransferEvidenceError } from '../errors.ts';
import { describe } from '../onnx/check.ts';
import { originsOf } from '../onnx/constants.ts';
import type { ElementType, Model, ValueInfo } from '../onnx/model.ts';

/** Where a network takes its image. */
export interface NetworkInput {
  name: string;
  layout: 'NCHW' | 'NHWC';
  /** undefined where the network takes any. */
  channels: number | undefined;
  height: number | undefined;
  width: number | undefined;
  /** The only batch size it takes; undefined for any. */
  batch: number | undefined;
  type: 'float32';
}

/**
 * The network's image input: the one named, or the only one.
 * @throws model-unsupported for a network that is not float32 throughout or does not take one image tensor of rank 4
 */
export function inputOf(model: Model, wanted?: string): NetworkInput {
  const { graph } = model;
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  const names = inputs.map(({ name }) => name).join(', ') || 'none';
  const found = wanted === undefined ? inputs[0] : inputs.find(({ name }) => name === wanted);
  if (!found || (wanted === undefined && inputs.length !== 1))
    throw new TransferEvidenceError(
      wanted === undefined ? 'model-unsupported' : 'input-invalid',
      wanted === undefined
        ? `The network should take one input, the image; it takes ${inputs.length}: ${names}. Export it with the image alone.`
        : `The network has no input ${wanted}; it has ${names}. Name one of these in weights.input, or leave it out.`,
    );
  if (inputs.length > 1)
    refuse(`it takes ${inputs.length} inputs (${names})`, 'Export it with the image as its only input.');
  checkPrecision(model, found);
  const dims = found.tensor?.dims;
  if (dims?.length !== 4)
    refuse(
      `its input ${found.name} has ${dims ? `${dims.length} dimensions` : 'no declared shape'}`,
      'An image input has four, batch × channels × height × width; export it so.',
    );
  const layout = layoutOf(model, found.name, dims);
  const [batch, a, b, c] = dims.map((size) => (typeof size === 'number' && size > 0 ? size : undefined));
  const [channels, height, width] = layout === 'NCHW' ? [a, b, c] : [c, a, b];
  if (channels !== undefined && channels !== 1 && channels !== 3)
    refuse(`its input ${found.name} takes ${channels} channels`, 'Images have 1 (grey) or 3 (RGB).');
  return { name: found.name, layout, channels, height, width, batch, type: 'float32' };
}

function layoutOf(model: Model, input: string, dims: (number | string | undefined)[]): 'NCHW' | 'NHWC' {
  const isChannels = (size: number | string | undefined): boolean => size === 1 || size === 3;
  if (isChannels(dims[1]) !== isChannels(dims[3])) return isChannels(dims[1]) ? 'NCHW' : 'NHWC';
  // Both or neither: TensorFlow's exporters start with a transposition to channels first.
  const reader = model.graph.nodes.find((node) => node.inputs.includes(input));
  const perm = reader?.op === 'Transpose' ? reader.attributes.perm : undefined;
  return perm?.kind === 'ints' && perm.value[1] === 3 ? 'NHWC' : 'NCHW';
}

const reduced: Partial<Record<ElementType, string>> = {
  float16: 'float16',
  bfloat16: 'bfloat16',
  int8: 'int8',
  uint8: 'uint8',
};
const layers = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);
const quantised =
  /^(QLinear|QGemm|QAttention|QuantizeLinear$|DequantizeLinear$|DynamicQuantize|ConvInteger$|MatMulInteger|MatMulNBits$)/;

function checkPrecision(model: Model, input: ValueInfo): void {
  const again = 'Export the network in float32 (for a quantised one: the model it was made from).';
  const type = input.tensor?.type;
  if (type !== 'float32') refuse(`its input ${input.name} is ${type ?? 'no tensor'} where float32 belongs`, again);
  const origins = originsOf(model.graph);
  for (const node of model.graph.nodes) {
    if (quantised.test(node.op)) refuse(`node ${describe(node)} is quantised`, again);
    if (!layers.has(node.op)) continue;
    for (const name of node.inputs) {
      const weight = origins.constant(name);
      const found = weight && (reduced[weight.type] ?? (weight.type === 'float64' ? 'float64' : undefined));
      if (found) refuse(`the weights of node ${describe(node)} are ${found}`, again);
    }
  }
}

function refuse(found: string, advice: string): never {
  throw new TransferEvidenceError('model-unsupported', `This network cannot be measured: ${found}. ${advice}`);
}
