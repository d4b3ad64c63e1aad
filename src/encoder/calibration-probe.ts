import { tensorOf } from '../onnx/build.ts';
import type { Attribute, Model, Node, Tensor } from '../onnx/model.ts';
import { kernelOf, type Role, type Source, sourcesOf, trainableOf } from './trainable.ts';

/** A network that scales itself as it runs, and tells by how much. */
interface Probe {
  /** Takes what the network takes; its outputs are the measurements named below. */
  model: Model;
  /** By kernel, the output that holds what to divide it by: one number, or one for each of a convolution's results, [C]. */
  divisors: Map<string, string>;
  /** By bias, running mean or running variance, the output that holds what it should be, [C]. */
  replacements: Map<string, string>;
}

/**
 * Rewrites a network so that each linear layer's result is divided by its own standard deviation and each batch normalisation takes its
 * statistics from the batch. Every layer then already sees what it will see once the layers before it are scaled, and one run measures
 * what would else be searched layer by layer. Where weights are shared, what the first layer measured serves the others.
 */
export function probeOf(model: Model): Probe {
  const rewriter = new Rewriter(model);
  const nodes = model.graph.nodes.flatMap((node) => rewriter.rewritten(node));
  const { divisors, replacements } = rewriter;
  const measurements = [...divisors.values(), ...replacements.values()];
  const outputs = measurements.map((name) => ({ name, tensor: { type: 'float32' as const }, rest: [] }));
  const initializers = [...model.graph.initializers, ...rewriter.constants.values()];
  return { model: { ...model, graph: { ...model.graph, nodes, outputs, initializers } }, divisors, replacements };
}

/**
 * A variance below this part of the squared mean is rounding (single precision resolves 6 · 10⁻⁸ of the mean): dividing by it would turn
 * noise into signal.
 */
const negligible = 1e-10;
/** Stands above a variance of 0 where the mean is 0 too. */
const tiny = 1e-30;

class Rewriter {
  readonly divisors = new Map<string, string>();
  readonly replacements = new Map<string, string>();
  readonly constants = new Map<string, Tensor>();
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #sources: ReadonlyMap<string, Source>;
  /** How many nodes read a tensor. */
  readonly #readers = new Map<string, number>();
  /** Divisors that hold a number for each channel. */
  readonly #byChannel = new Set<string>();
  /** Since opset 18 ReduceMean takes its axes as an input. */
  readonly #axesAreInput: boolean;

  constructor(model: Model) {
    this.#roles = trainableOf(model);
    this.#sources = sourcesOf(model.graph);
    this.#axesAreInput = model.opsets.some(({ domain, version }) => domain === '' && version >= 18);
    for (const { inputs } of model.graph.nodes)
      for (const input of inputs) this.#readers.set(input, (this.#readers.get(input) ?? 0) + 1);
  }

  rewritten(node: Node): Node[] {
    const kernel = kernelOf(node, this.#roles, this.#sources);
    if (kernel) return this.#linear(node, kernel);
    return node.op === 'BatchNormalization' && node.domain === '' ? this.#batchNormalization(node) : [node];
  }

  #linear(node: Node, { name, tensor }: { name: string; tensor: Tensor }): Node[] {
    const [first = '', second = '', bias = ''] = node.inputs;
    const [result = ''] = node.outputs;
    const raw = `${result}:raw`;
    // Before opset 11 Gemm cannot be without its third input; times 0 it does nothing.
    const nodes: Node[] = [
      node.op === 'Gemm'
        ? { ...node, outputs: [raw], attributes: { ...node.attributes, beta: { kind: 'float', value: 0 } } }
        : { ...node, inputs: [first, second], outputs: [raw] },
    ];
    const known = this.divisors.get(name);
    const divisor = known ?? `${result}:deviation`;
    this.divisors.set(name, divisor);
    let shift = bias;
    if (known === undefined && this.#canCentre(node)) {
      const rows = `${result}:rows`;
      shift = `${result}:shift`;
      nodes.push(
        make('Reshape', [raw, this.#integers([0, 0, -1])], rows),
        ...this.#moments(rows, result, [0, 2]),
        make('Sqrt', [`${result}:variance`], divisor),
        make('Div', [`${result}:mean`, divisor], `${result}:centre`),
        make('Sub', [bias, `${result}:centre`], shift),
      );
      this.#byChannel.add(divisor);
      this.replacements.set(this.#sources.get(bias)!.name, shift);
    } else if (known === undefined)
      nodes.push(...this.#moments(raw, result), make('Sqrt', [`${result}:variance`], divisor));
    // Along the channels of maps; `tensor` has the rank of the maps.
    const along = (values: string, output: string): Node =>
      make('Reshape', [values, this.#integers([1, -1, ...tensor.dims.slice(2).fill(1)])], output);
    const scale = this.#byChannel.has(divisor) ? `${result}:scale` : divisor;
    if (scale !== divisor) nodes.push(along(divisor, scale));
    if (shift === '') return [...nodes, make('Div', [raw, scale], result)];
    const shifts = `${result}:shifts`;
    nodes.push(
      make('Div', [raw, scale], `${result}:scaled`),
      node.op === 'Gemm'
        ? make('Mul', [shift, this.#number(floatAttribute(node, 'beta', 1))], shifts)
        : along(shift, shifts),
    );
    return [...nodes, make('Add', [`${result}:scaled`, shifts], result)];
  }

  /** A convolution with a bias of its own can do all that a batch normalisation after it would, and may have one folded into it. */
  #canCentre({ op, inputs }: Node): boolean {
    const [, , bias = ''] = inputs;
    const source = this.#sources.get(bias)?.name ?? '';
    const ownsIt = this.#readers.get(bias) === 1 && (source === bias || this.#readers.get(source) === 1);
    return op === 'Conv' && ownsIt && this.#roles.get(source)?.kind === 'bias';
  }

  #batchNormalization(node: Node): Node[] {
    const [input = '', scale = '', shift = '', mean = '', variance = ''] = node.inputs;
    const [result = ''] = node.outputs;
    const set = [
      { kind: 'running mean', constant: this.#sources.get(mean)?.name ?? '', output: `${result}:mean` },
      {
        kind: 'running variance',
        constant: this.#sources.get(variance)?.name ?? '',
        output: `${result}:variance`,
      },
    ];
    // A tensor that also serves another purpose cannot be set, and statistics of one channel are not among what training changes.
    if (set.some(({ kind, constant }) => this.#roles.get(constant)?.kind !== kind)) return [node];
    const [ownMean = '', ownVariance = ''] = set.map(({ constant, output }) => {
      const measured = this.replacements.get(constant) ?? output;
      this.replacements.set(constant, measured);
      return measured;
    });
    const maps = `${result}:maps`;
    return [
      make('Reshape', [input, this.#integers([0, 0, -1])], maps),
      ...this.#moments(maps, result, [0, 2]),
      { ...node, inputs: [input, scale, shift, ownMean, ownVariance] },
    ];
  }

  /** Makes `NAME:mean` and `NAME:variance` of a tensor over the given axes or all; a variance that is rounding is given as 1. */
  #moments(tensor: string, name: string, axes?: number[]): Node[] {
    const mean = `${name}:mean`;
    const raw = `${name}:variance:raw`;
    return [
      this.#average(tensor, mean, 0, axes),
      this.#average(tensor, `${mean}:kept`, 1, axes),
      make('Sub', [tensor, `${mean}:kept`], `${name}:centred`),
      make('Mul', [`${name}:centred`, `${name}:centred`], `${name}:squares`),
      this.#average(`${name}:squares`, raw, 0, axes),
      make('Mul', [mean, mean], `${mean}:square`),
      make('Mul', [`${mean}:square`, this.#number(negligible)], `${mean}:part`),
      make('Add', [`${mean}:part`, this.#number(tiny)], `${name}:bound`),
      make('Less', [raw, `${name}:bound`], `${name}:still`),
      make('Where', [`${name}:still`, this.#number(1), raw], `${name}:variance`),
    ];
  }

  #average(tensor: string, name: string, keepdims: 0 | 1, axes: number[] | undefined): Node {
    const keep: Attribute = { kind: 'int', value: keepdims };
    if (axes === undefined) return make('ReduceMean', [tensor], name, { keepdims: keep });
    return this.#axesAreInput
      ? make('ReduceMean', [tensor, this.#integers(axes)], name, { keepdims: keep })
      : make('ReduceMean', [tensor], name, { keepdims: keep, axes: { kind: 'ints', value: axes } });
  }

  #number(value: number): string {
    return this.#constant(tensorOf(`calibration:${value}`, Float32Array.of(value), []));
  }

  #integers(values: number[]): string {
    return this.#constant(tensorOf(`calibration:[${values}]`, values));
  }

  #constant(tensor: Tensor): string {
    this.constants.set(tensor.name, tensor);
    return tensor.name;
  }
}

function floatAttribute(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  return attribute?.kind === 'float' ? attribute.value : otherwise;
}

function make(op: string, inputs: string[], output: string, attributes: Node['attributes'] = {}): Node {
  return { name: '', op, domain: '', inputs, outputs: [output], attributes, rest: [] };
}
