import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import { bitsOf, elements, type Model, type Tensor } from './model.ts';

/**
 * The model with the tensors that lie in files beside it read in. A location is a stranger's word: it must lead, links followed, to a file inside
 * `folder`, and no more is read than the tensor's shape needs.
 * @throws path-outside when a location leaves the folder, weights-missing when its file is not there, model-invalid when it is too short
 */
export async function withExternalData(model: Model, folder: string): Promise<Model> {
  if (!model.graph.initializers.some(({ external }) => external)) return model;
  const files = new Map<string, FileHandle>();
  const root = await realpath(folder);
  try {
    const initializers: Tensor[] = [];
    for (const tensor of model.graph.initializers) {
      if (!tensor.external) {
        initializers.push(tensor);
        continue;
      }
      const { location } = tensor.external;
      const file = files.get(location) ?? (await open(await placeOf(root, location, tensor.name)));
      files.set(location, file);
      initializers.push(await readInto(tensor, file));
    }
    return { ...model, graph: { ...model.graph, initializers } };
  } finally {
    for (const file of files.values()) await file.close();
  }
}

async function placeOf(root: string, location: string, tensor: string): Promise<string> {
  const outside = (): never => {
    throw new TransferEvidenceError(
      'path-outside',
      `Constant ${tensor} is said to lie in ${location}, outside the model’s folder. Keep a model’s files together.`,
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
      `Constant ${tensor} lies in ${location}, which is not beside the model. Put it there, or export the model as one file.`,
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

async function readInto({ external, ...tensor }: Tensor, file: FileHandle): Promise<Tensor> {
  const { location, offset, length } = external!;
  const expected = tensor.type === 'string' ? -1 : Math.ceil((elements(tensor.dims) * bitsOf[tensor.type]) / 8);
  const stat = await file.stat();
  if (!stat.isFile() || expected < 0 || (length ?? expected) !== expected || offset + expected > stat.size)
    throw new TransferEvidenceError(
      'model-invalid',
      `Constant ${tensor.name} needs ${expected} bytes from ${offset} on in ${location}, which holds ${stat.size}. Export or download the model again.`,
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
