import { TransferEvidenceError } from '../errors.ts';
import type { AttributeValue } from '../onnx/build.ts';
import { describe } from '../onnx/check.ts';
import type { Facts } from '../onnx/facts.ts';
import { type Attribute, elements, type Graph, type Node, numbersOf } from '../onnx/model.ts';
import { operatorOf } from './gradients/index.ts';
import type { BackwardStep, Operator, Step } from './operator.ts';
import type { Made, Ops } from './ops.ts';
import { OtherFormats } from './other-formats.ts';
import type { Value } from './value.ts';

/** What was computed on the way to the loss, in order, as far as a gradient has to go back through it. */
export interface Tape {
  entries: readonly { step: Step; operator: Operator; outputs: readonly Value[] }[];
  /** The tensors of the network by their own names. */
  tensor(name: string): Value;
}

export interface ForwardRequest {
  /** Every node in the form of opset 18, nothing in it that the result does not need. */
  graph: Graph;
  facts: Facts;
  /** The image, and the trained weights, by the network's names. */
  given: ReadonlyMap<string, Value>;
  /** Names of the trained weights; each is in `given`. */
  trained: ReadonlySet<string>;
  ops: Ops;
}

/**
 * Emits the network's own computation and remembers what its gradient needs. What is the same for every image becomes a constant.
 * @throws model-unsupported for an operator without a gradient rule, or a number format other than float32, between a trained weight and
 *   the result
 */
export function emitForward({ graph, facts, given, trained, ops }: ForwardRequest): Tape {
  const values = new Map(given);
  const needs = new Set(trained);
  const entries: Tape['entries'][number][] = [];
  const formats = new OtherFormats();
  const tensor = (name: string): Value => {
    const known = values.get(name);
    if (known) return known;
    const constant = facts.get(name)?.value;
    if (!constant) throw new TransferEvidenceError('model-invalid', `Tensor ${name} was read before it was made.`);
    const value = ops.tensor({ ...constant, name });
    values.set(name, value);
    return value;
  };
  for (const node of graph.nodes) {
    if (node.outputs.every((name) => name === '' || values.has(name) || facts.get(name)?.value)) continue;
    const inputs = node.inputs.map((name) => (name === '' ? undefined : tensor(name)));
    const wants = node.inputs.map((name) => needs.has(name));
    const made = node.outputs.map((name): Made => {
      const fact = facts.get(name);
      return fact ? { shape: fact.shape, type: fact.type, name } : { shape: [], name: `${node.op} unused` };
    });
    const numbers = (input: number): readonly number[] | undefined => {
      const value = facts.get(node.inputs[input] ?? '')?.value;
      return value && numbersOf(value);
    };
    const step: Step = { node, inputs, made, wants, ops, numbers };
    formats.follow(
      node,
      wants.includes(true),
      node.outputs.map((name) => facts.get(name)?.type),
    );
    // What is not a real number has no derivative; a count or a mask is constant almost everywhere.
    const differentiable = wants.includes(true) && made.some(({ type }) => type === 'float32');
    const operator = operatorOf(node);
    if (differentiable && !operator) refuse(node, graph, facts, trained);
    const outputs = differentiable && operator?.forward ? operator.forward(step) : asItStands(step);
    node.outputs.forEach((name, i) => {
      if (name === '' || !outputs[i]) return;
      values.set(name, outputs[i]);
      if (differentiable && outputs[i].type === 'float32') needs.add(name);
    });
    if (differentiable && operator) entries.push({ step, operator, outputs });
  }
  formats.refuseAmong(graph.outputs.map(({ name }) => name));
  return { entries, tensor };
}

/**
 * Emits the gradients of a scalar with respect to trained weights: reverse accumulation (Linnainmaa 1970; Griewank & Walther 2008,
 * chapter 3) over the tape. Tied weights get the sum.
 * @param seeds gradients of that scalar with respect to tensors of the network
 * @returns by weight; a weight that the scalar does not depend on is missing
 */
export function emitBackward(
  { entries }: Tape,
  seeds: ReadonlyMap<string, Value>,
  { ops, trained }: { ops: Ops; trained: ReadonlySet<string> },
): Map<string, Value> {
  const grads = new Map(seeds);
  for (const { step, operator, outputs } of entries.toReversed()) {
    const own = step.node.outputs.map((name) => grads.get(name));
    if (own.every((grad) => grad === undefined)) continue;
    const backward: BackwardStep = { ...step, outputs, grads: own };
    operator.backward(backward).forEach((grad, i) => {
      const name = step.node.inputs[i];
      if (!grad || !step.wants[i] || !name) return;
      checkShape(step, i, grad);
      const before = grads.get(name);
      grads.set(name, before ? ops.add(before, grad) : grad);
    });
  }
  return new Map([...trained].flatMap((name) => (grads.has(name) ? [[name, grads.get(name)!] as const] : [])));
}

function checkShape({ node, inputs }: Step, i: number, grad: Value): void {
  const expected = inputs[i]!.shape;
  if (grad.shape.length === expected.length && grad.shape.every((size, axis) => size === expected[axis])) return;
  throw new TransferEvidenceError(
    'shape-mismatch',
    `The gradient of input ${i} of node ${describe(node)} has shape [${grad.shape.join()}] where [${expected.join()}] belongs.`,
  );
}

/** The node as the network has it, on plain tensors; simple functions keep the layout of what they read. */
function asItStands({ node, inputs, made, ops }: Step): readonly Value[] {
  if (node.domain === '' && inputs.length === 2 && /^(Add|Sub|Mul|Div)$/.test(node.op) && made[0]!.type === 'float32')
    return [ops.binary(node.op, inputs[0]!, inputs[1]!)];
  return ops.raw(
    node.op,
    inputs.map((value) => value && ops.plain(value)),
    made,
    attributesOf(node),
    node.domain,
  );
}

/** A node's attributes as the builder takes them. */
function attributesOf(node: Node): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(node.attributes).map(([name, attribute]) => [name, attributeValue(node, attribute)]),
  );
}

function attributeValue(node: Node, attribute: Attribute): AttributeValue {
  switch (attribute.kind) {
    case 'int':
    case 'string':
    case 'ints':
    case 'strings':
      return attribute.value;
    case 'float':
      return { float: attribute.value };
    case 'floats':
      return { floats: attribute.value };
    case 'tensor':
      return { tensor: attribute.value };
    default:
      throw new TransferEvidenceError(
        'model-unsupported',
        `Node ${describe(node)} computes with an inner graph (a branch or a loop) that depends on the image. Training needs a network without; export it with fixed control flow.`,
      );
  }
}

function refuse(node: Node, graph: Graph, facts: Facts, trained: ReadonlySet<string>): never {
  const size = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + elements(facts.get(name)?.shape ?? []), 0);
  const makers = new Map(graph.nodes.flatMap((other) => other.outputs.map((name) => [name, other] as const)));
  const behind = new Set<string>();
  const seen = new Set<Node>();
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const name of next.inputs) {
      if (trained.has(name)) behind.add(name);
      const maker = makers.get(name);
      if (maker) waiting.push(maker);
    }
  }
  const share = (100 * size(behind)) / size(trained);
  const percent = share > 0 && share < 1 ? 'less than 1' : `${Math.round(share)}`;
  const domain = node.domain === '' ? '' : ` (${node.domain})`;
  throw new TransferEvidenceError(
    'model-unsupported',
    `The operator ${node.op}${domain} of node ${describe(node)} has no gradient rule here, and ${percent} % of the network’s weights lie behind it. Export the network with other operators, or probe it with frozen features (probe.linear).`,
  );
}
