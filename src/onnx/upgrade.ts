import { TransferEvidenceError } from '../errors.ts';
import { intAttribute, intsAttribute } from './constants.ts';
import type { Facts } from './facts.ts';
import type { Attribute, Graph, Node } from './model.ts';
import type { Names } from './names.ts';
import { gelu } from './upgrade/activation.ts';
import { axesAsInput, clip, pad, slice, split, topK } from './upgrade/attributes-to-inputs.ts';
import { constant } from './upgrade/constant.ts';
import { batchNormalization, dropout, groupNormalization } from './upgrade/normalization.ts';
import { resize10, resize19 } from './upgrade/resize.ts';
import { canonicalOpset, namesIn, Rewriting, type Rule, stringAttribute, without } from './upgrade/rewriting.ts';
import { softmax } from './upgrade/softmax.ts';

export { canonicalOpset };

const oldest = 9;
const newest = 22;

/**
 * A graph of the standard operators of opset 9 to 22 as one of opset 18 that computes the same. `facts` holds the shapes, and the constants
 * among the tensors, of the graph as it is given; tensors that are added have none yet. Nodes that mean the same in both, and nodes of other
 * domains, come back as the same objects; every tensor keeps its name.
 * @throws model-unsupported for another opset, naming it, and naming the node for what opset 18 cannot say or a network in training mode
 */
export function upgraded(graph: Graph, opset: number, facts: Facts): Graph {
  if (!(opset >= oldest && opset <= newest))
    throw new TransferEvidenceError(
      'model-unsupported',
      `This network cannot be trained: it is written in opset ${opset}, and ${oldest} to ${newest} are understood. Export it at opset ${canonicalOpset}.`,
    );
  return rewritten(graph, opset, facts, namesIn(graph));
}

function rewritten(graph: Graph, opset: number, facts: Facts, taken: Names): Graph {
  const to = new Rewriting(graph, opset, facts, taken);
  let same = true;
  const nodes = graph.nodes.flatMap((node) => {
    if (node.domain !== '') return [node];
    const whole = withInnerGraphs(node, (inner) => rewritten(inner, opset, facts, taken));
    const result = rules.get(node.op)?.(whole, to) ?? [whole];
    same &&= result.length === 1 && result[0] === node;
    return result;
  });
  return same ? graph : { ...graph, nodes, initializers: [...graph.initializers, ...to.added] };
}

/** A node with the graphs in its attributes mapped; the same object when none changes. */
function withInnerGraphs(node: Node, map: (graph: Graph) => Graph): Node {
  let same = true;
  const through = (graph: Graph): Graph => {
    const result = map(graph);
    same &&= result === graph;
    return result;
  };
  const entries = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => {
    if (attribute.kind === 'graph') return [name, { kind: 'graph', value: through(attribute.value) }];
    if (attribute.kind === 'graphs') return [name, { kind: 'graphs', value: attribute.value.map(through) }];
    return [name, attribute];
  });
  return same ? node : { ...node, attributes: Object.fromEntries(entries) };
}

/** Cast and CastLike since 19 say what float8 does with numbers too large for it; nothing else heeds it. */
const cast: Rule = (node, to) => {
  const target = intAttribute(node, 'to', 1);
  if (target >= 17 && target <= 20) to.refuse(node, 'it casts to float8', 'Export the network in float32.');
  return 'saturate' in node.attributes ? [{ ...node, attributes: without(node.attributes, 'saturate') }] : [node];
};

/** AveragePool since 19 can leave gaps in its window. */
const averagePool: Rule = (node, to) => {
  const dilations = intsAttribute(node, 'dilations');
  if (dilations === undefined) return [node];
  if (dilations.some((gap) => gap !== 1)) to.refuse(node, `it averages with dilations [${dilations.join(', ')}]`);
  return [{ ...node, attributes: without(node.attributes, 'dilations') }];
};

/** GridSample's modes were renamed in 20, when it learnt volumes. */
const gridSample: Rule = (node, to) => {
  if (to.opset < 20) return [node];
  if (to.shape(node).length !== 4) to.refuse(node, 'it samples a volume');
  const older: Record<string, string> = { linear: 'bilinear', cubic: 'bicubic' };
  const mode = older[stringAttribute(node, 'mode', '')];
  return mode === undefined
    ? [node]
    : [{ ...node, attributes: { ...node.attributes, mode: { kind: 'string', value: mode } } }];
};

/** RoiAlign before 16 takes coordinates without the shift by half a pixel. */
const roiAlign: Rule = (node, to) => {
  if (to.opset >= 16) return [node];
  const mode: Attribute = { kind: 'string', value: 'output_half_pixel' };
  return [{ ...node, attributes: { ...node.attributes, coordinate_transformation_mode: mode } }];
};

/** DFT's axis, an attribute in 17 (default 1), is an input since 20 (default −2). */
const dft: Rule = (node, to) => {
  if (to.opset < 20) return [node];
  const given = (node.inputs[2] ?? '') === '' ? -2 : (to.whole(node, 2)[0] ?? -2);
  const axis: Attribute = { kind: 'int', value: given };
  const inputs = node.inputs.slice(0, (node.inputs[1] ?? '') === '' ? 1 : 2);
  return [{ ...node, inputs, attributes: { ...node.attributes, axis } }];
};

const scatter: Rule = (node) => [{ ...node, op: 'ScatterElements' }];

const unknownThen: Rule = (node, to) => to.refuse(node, `opset ${canonicalOpset} has no such operator`);

/** By operator; those not named mean the same in opsets 9 to 22. */
const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries<Rule>({
    Squeeze: axesAsInput,
    Unsqueeze: axesAsInput,
    ReduceSum: axesAsInput,
    ReduceMean: axesAsInput,
    ReduceMax: axesAsInput,
    ReduceMin: axesAsInput,
    ReduceProd: axesAsInput,
    ReduceL1: axesAsInput,
    ReduceL2: axesAsInput,
    ReduceLogSum: axesAsInput,
    ReduceLogSumExp: axesAsInput,
    ReduceSumSquare: axesAsInput,
    Split: split,
    Clip: clip,
    Pad: pad,
    Slice: slice,
    TopK: topK,
    Softmax: softmax,
    LogSoftmax: softmax,
    Hardmax: softmax,
    Dropout: dropout,
    BatchNormalization: batchNormalization,
    GroupNormalization: groupNormalization,
    Upsample: resize10,
    Resize: (node, to) => (to.opset <= 10 ? resize10(node, to) : resize19(node, to)),
    Gelu: gelu,
    Constant: constant,
    Cast: cast,
    CastLike: cast,
    AveragePool: averagePool,
    GridSample: gridSample,
    RoiAlign: roiAlign,
    DFT: dft,
    Scatter: scatter,
    AffineGrid: unknownThen,
    DeformConv: unknownThen,
    ImageDecoder: unknownThen,
    RegexFullMatch: unknownThen,
    StringConcat: unknownThen,
    StringSplit: unknownThen,
  }),
);
