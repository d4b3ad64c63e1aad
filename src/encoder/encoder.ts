import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { digestOf, sha256 } from '../digest.ts';
import { TransferEvidenceError } from '../errors.ts';
import { type Preprocessing, preprocessing as preprocessingSchema } from '../manifest/schema.ts';
import { withExternalData } from '../onnx/external-data.ts';
import { refuseAbsurdShapes } from '../onnx/limits.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';
import { chooseFeatures, inputOf, type NetworkInput } from './feature-tensor.ts';
import { countParameters, randomlyInitialised } from './random-initialisation.ts';
import { scatteringEncoder } from './scattering.ts';
import { type SourceHead, sourceHead } from './source-head.ts';

/** A network with all that is needed to turn an image into a row of features. */
export interface Encoder {
  id: string;
  /** What messages call it. */
  name: string;
  /** Digest of the network, the preprocessing and the tensor that is read: what determines the features. */
  digest: string;
  /** An ONNX file with the features as its only output, `output`, [N, dimension]. */
  model: Uint8Array;
  input: string;
  /** How the input lies: [N, channels, height, width], or with the channels last. */
  layout: NetworkInput['layout'];
  channels: 1 | 3;
  /** Pixels of the network's input. */
  height: number;
  width: number;
  preprocessing: Preprocessing;
  /** Images that the network takes at a time, when it takes no other number. */
  fixedBatch: number | null;
  output: string;
  /** Features of one image. */
  dimension: number;
  /** What the features can and cannot tell apart, for the report. */
  sees: string;
  parameters: number;
  /** What was decided for the user: the tensor taken, a size assumed. */
  notes: string[];
  /** Classifiers behind the features whose probabilities are wanted as well. None of them changes the features or their digest. */
  heads?: readonly SourceHead[];
}

/** Input height and width where neither the network nor the manifest says: the convention of ImageNet's networks. */
const conventionalSize = 224;

/** The wavelet scattering network that the program builds itself (see scattering.ts). */
export function builtInEncoder(): Encoder {
  const { id, sees, output, dimension, preprocessing } = scatteringEncoder;
  const [height, width] = sides(preprocessing.size)!;
  return withDigest({
    id,
    name: id,
    model: scatteringEncoder.model(),
    input: 'input',
    layout: 'NCHW',
    channels: 3,
    height,
    width,
    preprocessing,
    fixedBatch: null,
    output,
    dimension,
    sees,
    parameters: 0,
    notes: [],
  });
}

/** A network that was found on this machine, and what the manifest says about it. */
export interface LoadRequest {
  id: string;
  file: string;
  /** Name of the input tensor. Default: the only one. */
  input?: string | undefined;
  /** Name of the tensor that holds the features. Default: see chooseFeatures. */
  features?: string | undefined;
  preprocessing?: Preprocessing | undefined;
}

/**
 * Reads an ONNX file and reduces it to its features; its source head, where there is one, is kept apart.
 * @throws model-invalid when the file is no ONNX model; model-unsupported when it takes no image, its features cannot be
 *   told or it would take memory without measure; input-invalid when a tensor that the manifest names does not exist
 */
export async function loadEncoder(request: LoadRequest): Promise<Encoder> {
  const { id, file } = request;
  const whole = await withExternalData(readModel(await readFile(file)), dirname(file));
  refuseAbsurdShapes(whole);
  const input = inputOf(whole, request.input);
  const choice = chooseFeatures(whole, request.features);
  const { model, tensor, dimension, note } = choice;
  if (dimension === undefined)
    throw new TransferEvidenceError(
      'model-unsupported',
      `The network ${id} does not tell how many features tensor ${tensor} holds. Export it with shapes inferred, or name another tensor in weights.features.`,
    );
  const wanted = request.preprocessing ?? preprocessingSchema.parse({});
  const size = sizeOf(input, wanted, id);
  const grey = input.channels === 1;
  const notes = [note, ...size.notes];
  if (grey && wanted.channels !== 'grey') notes.push('The network takes one channel: images are converted to grey.');
  const encoder = withDigest({
    id,
    name: id,
    model: writeModel(model),
    input: input.name,
    layout: input.layout,
    channels: grey ? 1 : 3,
    height: size.height,
    width: size.width,
    preprocessing: { ...wanted, channels: grey ? 'grey' : wanted.channels, size: [size.height, size.width] },
    fixedBatch: input.batch ?? null,
    output: tensor,
    dimension,
    sees: 'what it was trained to tell apart, and what its images had in common',
    parameters: countParameters(model),
    notes,
  });
  const head = sourceHead(whole, choice, encoder.digest);
  return head === null ? encoder : { ...encoder, heads: [head] };
}

/** The same network before any training, without a head: what its architecture alone is worth. Networks of one architecture share it. */
export function randomTwin(encoder: Encoder, seed: number): Encoder {
  const { graph, ...rest } = randomlyInitialised(readModel(encoder.model), seed);
  // What exporters write beside the graph would tell twins apart that compute the same.
  const bare = { ...rest, metadata: {}, rest: [], graph: { ...graph, name: 'random', rest: [] } };
  return withDigest({
    ...encoder,
    heads: [],
    model: writeModel(bare),
    sees: 'nothing that was learnt: its weights are random',
  });
}

function sizeOf(
  input: NetworkInput,
  wanted: Preprocessing,
  name: string,
): { height: number; width: number; notes: string[] } {
  const given = sides(wanted.size);
  const height = input.height ?? given?.[0];
  const width = input.width ?? given?.[1];
  if (given && (given[0] !== height || given[1] !== width))
    throw new TransferEvidenceError(
      'model-unsupported',
      `The network ${name} takes images of ${height} × ${width} pixels (height × width); preprocessing.size says ${given[0]} × ${given[1]}. Leave preprocessing.size out.`,
    );
  if (height !== undefined && width !== undefined) return { height, width, notes: [] };
  const assumed = `The network takes images of any size and the manifest names none: ${conventionalSize} × ${conventionalSize} pixels are used. Set preprocessing.size to change it.`;
  return { height: height ?? conventionalSize, width: width ?? conventionalSize, notes: [assumed] };
}

function sides(size: Preprocessing['size']): [number, number] | undefined {
  return typeof size === 'number' ? [size, size] : size;
}

/** With the digest of all that determines the features. */
export function withDigest(encoder: Omit<Encoder, 'digest'>): Encoder {
  const { model, input, output, height, width, preprocessing } = encoder;
  return { ...encoder, digest: digestOf({ model: sha256(model), input, output, height, width, preprocessing }) };
}
