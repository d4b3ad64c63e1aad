import { digestOf, sha256 } from '../digest.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { intAttribute, originsOf } from '../onnx/constants.ts';
import type { Graph, Model, Node, ValueInfo } from '../onnx/model.ts';
import { pruned } from '../onnx/prune.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import { type Classifier, classifierOf, scoreNames } from './classifier.ts';
import { averagedName, type FeatureChoice, ownWidth } from './feature-tensor.ts';
import { randomlyInitialised } from './random-initialisation.ts';

/** What a network holds behind its features: the classifier of the classes that it was pretrained to tell apart. */
export interface SourceHead {
  /** Digest of the network that it belongs to and of itself: what determines its probabilities. */
  digest: string;
  /** An ONNX file that reads tensors of the network without it and makes `probabilities`, [N, classes]. */
  model: Uint8Array;
  /** Source classes, at least 2. */
  classes: number;
}

const output = 'probabilities';
const linear = new Set(['Gemm', 'MatMul', 'Conv']);

/**
 * The source head of a network whose features were chosen: from an output that is named for scores or ends in softmax, or from
 * the output that the features were found by. Only where nothing but the classifier lies between the features and its scores,
 * so that running it costs next to nothing more; not where the network ends in a sigmoid, since then its classes do not
 * exclude each other and there is no distribution over them.
 * @param whole the network as it was read, not yet reduced
 * @param network digest of the network reduced to its features
 * @returns `null` where there is none
 */
export function sourceHead(whole: Model, choice: FeatureChoice, network: string): SourceHead | null {
  const { graph } = whole;
  for (const { name } of graph.outputs.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)))) {
    const found = classifierOf(graph, name);
    if (!found || found.logits === null || !(isNamed({ name }) || found.softmax || choice.how === 'cut')) continue;
    const head = headOf(whole, choice, { ...found, logits: found.logits, scores: name });
    if (head) return { ...head, digest: digestOfHead(network, head.model) };
  }
  return null;
}

function isNamed({ name }: Pick<ValueInfo, 'name'>): boolean {
  return scoreNames.test(name);
}

/** The same head before any training, behind the random twin of its network. */
export function randomHead({ model, classes }: SourceHead, network: string, seed: number): SourceHead {
  const random = writeModel(randomlyInitialised(readModel(model), seed));
  return { digest: digestOfHead(network, random), model: random, classes };
}

function digestOfHead(network: string, model: Uint8Array): string {
  return digestOf({ network, head: sha256(model) });
}

function headOf(
  whole: Model,
  { tensor, model }: FeatureChoice,
  { logits, layer, scores }: Classifier & { logits: string; scores: string },
): Omit<SourceHead, 'digest'> | null {
  const { graph } = whole;
  const classes = classesOf(graph, layer, scores);
  // Not of the reduced network, which may give names of its own to what averages.
  const before = new Set(pruned(graph, [{ name: tensor, rest: [] }]).nodes);
  const behind = pruned(graph, [{ name: logits, rest: [] }]).nodes.filter((node) => !before.has(node));
  const layers = behind.filter(({ op }) => linear.has(op));
  if (classes === undefined || classes < 2 || layers.length > 1 || !behind.every(isPlain)) return null;

  const averaged = model.graph.nodes.some(({ outputs }) => outputs.includes(averagedName(tensor)));
  const rename = (name: string) => (averaged && name === tensor ? averagedName(tensor) : name);
  const own = new Set(behind.flatMap(({ outputs }) => outputs));
  const read = new Set([...behind.flatMap(({ inputs }) => inputs), logits].filter((name) => name !== ''));
  const initializers = graph.initializers.filter(({ name }) => read.has(name));
  const constants = new Set(initializers.map(({ name }) => name));
  const inputs = [...read].filter((name) => !own.has(name) && !constants.has(name)).map(rename);
  const g = new GraphBuilder({
    name: 'head',
    nodes: behind.map((node) => ({ ...node, inputs: node.inputs.map(rename) })),
    inputs: inputs.map((name) => ({ name, tensor: { type: 'float32' }, rest: [] })),
    outputs: [],
    initializers,
    valueInfo: [],
    rest: [],
  });
  const flat = g.node('Flatten', [rename(logits)], { axis: 1 });
  g.output(g.node('Softmax', [flat], { axis: 1 }, output), ['N', classes]);
  const { irVersion, opsets } = whole;
  return { model: writeModel({ irVersion, opsets, graph: g.graph(), metadata: {}, rest: [] }), classes };
}

/** Numbers that the classifier gives an image. */
function classesOf(graph: Graph, layer: Node, scores: string): number | undefined {
  const weight = layer.inputs[1] ?? '';
  const origins = originsOf(graph);
  const width = ownWidth(layer, origins.constant(weight));
  if (width !== undefined) return width;
  // A MatMul with a matrix that is transposed first.
  const maker = origins.maker(weight);
  const dims = maker?.op === 'Transpose' ? origins.constant(maker.inputs[0] ?? '')?.dims : undefined;
  if (layer.op === 'MatMul' && dims?.length === 2) return dims[0];
  if (layer.op === 'Gemm' && dims?.length === 2) return dims[intAttribute(layer, 'transB', 0) === 1 ? 1 : 0];
  const declared = graph.outputs.find(({ name }) => name === scores)?.tensor?.dims;
  const last = declared?.length === 2 ? declared[1] : undefined;
  return typeof last === 'number' ? last : undefined;
}

/** Whether a node can be moved under other names: inner graphs read tensors by name. */
function isPlain({ domain, attributes }: Node): boolean {
  return domain === '' && Object.values(attributes).every(({ kind }) => kind !== 'graph' && kind !== 'graphs');
}

/** The name of a head's probabilities in {@link withHeads}. */
export function headOutput(index: number): string {
  return `head ${index}:${output}`;
}

/** A network reduced to its features, with its heads behind it: one run answers with both. */
export function withHeads(model: Uint8Array, heads: readonly Pick<SourceHead, 'model'>[]): Uint8Array {
  if (heads.length === 0) return model;
  const { graph, ...rest } = readModel(model);
  const whole: Graph = {
    ...graph,
    nodes: [...graph.nodes],
    outputs: [...graph.outputs],
    initializers: [...graph.initializers],
  };
  for (const [index, head] of heads.entries()) {
    const part = readModel(head.model).graph;
    const given = new Set(['', ...part.inputs.map(({ name }) => name)]);
    // Two heads, or a head and its network, may use one name for two things.
    const rename = (name: string) => (given.has(name) ? name : `head ${index}:${name}`);
    for (const node of part.nodes)
      whole.nodes.push({
        ...node,
        name: `head ${index}:${node.name}`,
        inputs: node.inputs.map(rename),
        outputs: node.outputs.map(rename),
      });
    for (const tensor of part.initializers) whole.initializers.push({ ...tensor, name: rename(tensor.name) });
    for (const info of part.outputs) whole.outputs.push({ ...info, name: rename(info.name) });
  }
  return writeModel({ ...rest, graph: whole });
}
