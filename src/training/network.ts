import { trainableOf } from '../encoder/trainable.ts';
import { TransferEvidenceError } from '../errors.ts';
import type { GraphBuilder } from '../onnx/build.ts';
import type { Graph, Model } from '../onnx/model.ts';
import { pruned } from '../onnx/prune.ts';
import { canonicalOpset } from '../onnx/upgrade.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { dimsOf, type ImageShape } from './augmentation.ts';
import { headParameters } from './head.ts';
import { type Pack, type Parameter, packsOf } from './parameters.ts';
import { type Prepared, prepare } from './prepare.ts';

/** A network that is about to be trained, with the head that it gets. */
export interface Trainee {
  prepared: Prepared;
  /** Operator sets of the network. */
  opsets: Model['opsets'];
  /** Names of its input, and of the tensor [batch, dimension] that the head reads. */
  input: string;
  features: string;
  dimension: number;
  /** Numbers that the head gives an image. */
  outputs: number;
  image: ImageShape;
  batch: number;
  /** All that is trained, the head included. */
  packs: readonly Pack[];
}

export interface TraineeRequest {
  model: Model;
  input: string;
  features: string;
  image: ImageShape;
  /** Images a step. */
  batch: number;
  outputs: number;
  /** The weights that are trained beside the head; see strategies.ts. */
  trained: ReadonlySet<string>;
  /** Multiple of the learning rate that the head is trained with; default 1. */
  headRate?: number;
  runtime: OnnxRuntime;
}

/**
 * Brings a network to the form in which it is trained.
 * @throws model-unsupported when the runtime cannot compute it; shape-mismatch when the features are not one row an
 *   image
 */
export async function trainee(request: TraineeRequest): Promise<Trainee> {
  const { model, input, features, image, batch, outputs, trained, headRate, runtime } = request;
  const info = model.graph.outputs.find(({ name }) => name === features) ?? { name: features, rest: [] };
  const reduced = { ...model, graph: pruned(model.graph, [info]) };
  const shape = [batch, ...dimsOf(image)];
  const prepared = await prepare(reduced, { inputs: { [input]: shape }, trained, runtime });
  const found = prepared.facts.get(features)?.shape ?? [];
  if (found.length !== 2 || found[0] !== batch)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `The features ${features} should be one row an image, [${batch}, D]; they are [${found.join()}].`,
    );
  const roles = trainableOf(reduced);
  const own = [...prepared.weights].map(([name, { dims }]): Parameter => {
    const kind = roles.get(name)?.kind;
    return { name, shape: dims, decays: kind === 'kernel' || kind === 'embedding', rate: 1 };
  });
  const dimension = found[1]!;
  const packs = packsOf([...own, ...headParameters(dimension, outputs, headRate)]);
  return { prepared, opsets: model.opsets, input, features, dimension, outputs, image, batch, packs };
}

/** A graph as a model with all operator sets that it uses, those of the network in its versions. */
export function modelWith(builder: GraphBuilder, opsets: Model['opsets']): Model {
  const used = domainsOf(builder.graph());
  const own = opsets.filter(({ domain }) => domain !== '' && used.delete(domain));
  used.delete('');
  const model = builder.model(canonicalOpset, [...used]);
  return { ...model, opsets: [...model.opsets, ...own] };
}

function domainsOf(graph: Graph): Set<string> {
  const inner = graph.nodes.flatMap(({ attributes }) =>
    Object.values(attributes).flatMap((attribute) =>
      attribute.kind === 'graph' ? [...domainsOf(attribute.value)] : [],
    ),
  );
  return new Set([...graph.nodes.map(({ domain }) => domain), ...inner]);
}
