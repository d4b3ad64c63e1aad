import { TransferEvidenceError } from '../errors.ts';
import { describe } from '../onnx/check.ts';
import type { ElementType, Node } from '../onnx/model.ts';

/** Real numbers in formats other than float32. */
const otherFloats: ReadonlySet<ElementType> = new Set<ElementType>([
  'float16',
  'bfloat16',
  'float64',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
]);

/** Whole numbers that stand for real ones. */
const quantised: ReadonlySet<ElementType> = new Set<ElementType>(['uint8', 'int8', 'uint16', 'int16', 'int32']);

interface Origin {
  node: Node;
  format: string;
  types: ReadonlySet<ElementType>;
}

/**
 * Follows what depends on a trained weight through number formats in which no gradient is derived, so that none is lost on the way
 * without a word. Counts, places and truth values are another matter: they are constant almost everywhere, and their gradient is 0.
 */
export class OtherFormats {
  readonly #origins = new Map<string, Origin>();

  /**
   * @param depends whether a float32 input of the node depends on a trained weight
   * @param types of its outputs
   * @throws model-unsupported when numbers of such a format come back to float32
   */
  follow(node: Node, depends: boolean, types: readonly (ElementType | undefined)[]): void {
    const origin = this.#originAmong(node.inputs) ?? (depends ? startingAt(node, types) : undefined);
    if (!origin) return;
    node.outputs.forEach((name, i) => {
      const type = types[i];
      if (type === undefined) return;
      if (origin.types.has(type)) this.#origins.set(name, origin);
      else if (type === 'float32' && origin.node !== node) refuse(origin);
    });
  }

  /** @throws model-unsupported when a result of the network is in such a format */
  refuseAmong(names: readonly string[]): void {
    const origin = this.#originAmong(names);
    if (origin) refuse(origin);
  }

  #originAmong(names: readonly string[]): Origin | undefined {
    for (const name of names) {
      const origin = this.#origins.get(name);
      if (origin) return origin;
    }
    return undefined;
  }
}

function startingAt(node: Node, types: readonly (ElementType | undefined)[]): Origin | undefined {
  if (node.op === 'QuantizeLinear' || node.op === 'DynamicQuantizeLinear')
    return { node, format: `quantised numbers (${types[0]})`, types: quantised };
  const found = types.find((type) => type && otherFloats.has(type));
  return found && { node, format: found, types: otherFloats };
}

function refuse({ node, format }: Origin): never {
  throw new TransferEvidenceError(
    'model-unsupported',
    `Node ${describe(node)} gives ${format}, between a trained weight and the result of the network; gradients are derived in float32 alone. Export the network in float32 throughout (in PyTorch: model.float() before the export; not quantised), or probe it with frozen features (probe.linear).`,
  );
}
