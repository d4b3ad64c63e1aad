import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import { type Attribute, bitsOf, elements, type Graph, type Model, type Tensor } from './model.ts';

/** An ONNX model is one Protocol Buffers message when it is run, which holds less than this. */
const mostBytes = 2 ** 31;

/**
 * The model with the tensors that lie in files beside it read in: initialisers and constants in attributes, those of inner graphs included.
 * A location is a stranger's word: it must lead, links followed, to a file inside `folder`, and no more is read than the tensors' shapes need.
 * @throws path-outside when a location leaves the folder, weights-missing when its file is not there, model-invalid when it is too short,
 *   model-unsupported when all of them together are more than a model can hold
 */
export async function withExternalData(model: Model, folder: string): Promise<Model> {
  const outside = externalIn(model.graph);
  if (outside.length === 0) return model;
  // Many tensors may name the same bytes: the files' sizes do not bound what would be reserved.
  const bytes = outside.reduce((sum, tensor) => sum + Math.max(0, bytesOf(tensor)), 0);
  if (bytes >= mostBytes)
    throw new TransferEvidenceError(
      'model-unsupported',
      `The constants that this network keeps in other files take ${bytes} bytes, and a network of less than ${mostBytes} can be run. Take a smaller one.`,
    );
  const files = new Map<string, FileHandle>();
  const root = await realpath(folder);
  const read = new Map<Tensor, Tensor>();
  try {
    for (const tensor of outside) {
      const { location } = tensor.external!;
      const file = files.get(location) ?? (await open(await placeOf(root, location, tensor.name)));
      files.set(location, file);
      read.set(tensor, await readInto(tensor, file));
    }
  } finally {
    for (const file of files.values()) await file.close();
  }
  return { ...model, graph: replaced(model.graph, read) };
}

function externalIn(graph: Graph): Tensor[] {
  const inAttributes = graph.nodes.flatMap(({ attributes }) =>
    Object.values(attributes).flatMap((attribute) => {
      if (attribute.kind === 'tensor') return attribute.value.external ? [attribute.value] : [];
      if (attribute.kind === 'graph') return externalIn(attribute.value);
      return attribute.kind === 'graphs' ? attribute.value.flatMap(externalIn) : [];
    }),
  );
  return [...graph.initializers.filter(({ external }) => external), ...inAttributes];
}

/** The graph with some tensors, in it and in the graphs inside it, exchanged. */
function replaced(graph: Graph, by: ReadonlyMap<Tensor, Tensor>): Graph {
  const through = (attribute: Attribute): Attribute => {
    if (attribute.kind === 'tensor') return { kind: 'tensor', value: by.get(attribute.value) ?? attribute.value };
    if (attribute.kind === 'graph') return { kind: 'graph', value: replaced(attribute.value, by) };
    if (attribute.kind !== 'graphs') return attribute;
    return { kind: 'graphs', value: attribute.value.map((inner) => replaced(inner, by)) };
  };
  const nodes = graph.nodes.map((node) => {
    const entries = Object.entries(node.attributes).map(([name, attribute]) => [name, through(attribute)]);
    return { ...node, attributes: Object.fromEntries(entries) };
  });
  return { ...graph, nodes, initializers: graph.initializers.map((tensor) => by.get(tensor) ?? tensor) };
}

async function placeOf(root: string, location: string, tensor: string): Promise<string> {
  const outside = (): never => {
    throw new TransferEvidenceError(
      'path-outside',
      `Constant ${tensor || '(unnamed)'} is said to lie in ${location}, outside the model’s folder. Keep a model’s files together.`,
    );
  };
  const written = resolve(root, location);
  if (isAbsolute(location) || !isInside(root, written)) outside();
  let real: string;
  try {
    real = await realpath(written);
  } catch (cause) {
    throw new TransferEvidenceError(
      'weights-missing',
      `Constant ${tensor || '(unnamed)'} lies in ${location}, which is not beside the model. Put it there, or export the model as one file.`,
      { cause },
    );
  }
  if (!isInside(root, real)) outside();
  return real;
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

/** Negative for strings, which cannot lie elsewhere. */
function bytesOf({ type, dims }: Tensor): number {
  return type === 'string' ? -1 : Math.ceil((elements(dims) * bitsOf[type]) / 8);
}

async function readInto({ external, ...tensor }: Tensor, file: FileHandle): Promise<Tensor> {
  const { location, offset, length } = external!;
  const expected = bytesOf(tensor);
  const stat = await file.stat();
  if (!stat.isFile() || expected < 0 || (length ?? expected) !== expected || offset + expected > stat.size)
    throw new TransferEvidenceError(
      'model-invalid',
      `Constant ${tensor.name || '(unnamed)'} needs ${expected} bytes from ${offset} on in ${location}, which holds ${stat.size}. Export or download the model again.`,
    );
  const data = new Uint8Array(expected);
  let read = 0;
  while (read < expected) {
    const { bytesRead } = await file.read(data, read, expected - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return { ...tensor, data };
}
