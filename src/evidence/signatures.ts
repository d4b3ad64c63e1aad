import { compareCodeUnits } from '../dataset/names.ts';
import type { ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
import { TransferEvidenceError } from '../errors.ts';
import { decode } from '../image/decode.ts';
import type { RawImage } from '../image/types.ts';
import { imageSignature, signatureColumns, signatureVersion } from '../integrity/image-signature.ts';
import { type Matrix, matrix } from '../matrix.ts';
import type { Natives } from '../runtime/natives.ts';
import type { ReadSet } from './describe-sets.ts';
import type { Store } from './store.ts';

/** Files that are decoded at once: decoding happens on threads of its own. */
const atOnce = 8;

export interface SignatureOptions {
  natives: Natives;
  onProgress: (done: number, total: number) => void;
  signal?: AbortSignal | undefined;
}

/**
 * The signatures of a set's readable images, one a row: from the store, else in one pass over the images.
 * @throws dataset-unreadable when an image that was read before cannot be read now
 */
export async function signaturesOf(
  set: Pick<ReadSet, 'digest' | 'images'>,
  store: Store,
  options: SignatureOptions,
): Promise<Matrix> {
  const decoder = options.natives.from.sharp?.version ?? null;
  const ids = set.images.map(({ id }) => id);
  const key = digestOf({ signatureVersion, decoder, set: set.digest, ids });
  const known = await store.readMatrix(key, 'signatures');
  if (known) return known;
  const signatures = await readSignatures(set.images, options, decodeAgain);
  await store.writeMatrix(key, signatures, 'signatures');
  return signatures;
}

/** Signatures of images of which some may be unreadable: the rows of those are zeros, as a black picture's. */
export interface SignaturesOfReadable {
  signatures: Matrix;
  unreadable: string[];
}

/** The signatures of images that nothing else is read of, one a row: from the store, else in one pass over them. */
export async function signaturesOfReadable(
  set: Pick<ReadSet, 'digest' | 'images'>,
  store: Store,
  options: SignatureOptions,
): Promise<SignaturesOfReadable> {
  const decoder = options.natives.from.sharp?.version ?? null;
  const key = digestOf({ signatureVersion, decoder, set: set.digest, readable: true });
  const known = await store.readMatrix(key, 'signatures');
  const told = (await store.readJson('unreadable', key)) as Pick<SignaturesOfReadable, 'unreadable'> | undefined;
  if (known && told) return { signatures: known, unreadable: told.unreadable };
  const unreadable: string[] = [];
  const signatures = await readSignatures(set.images, options, async (natives, file, id) => {
    try {
      return await decode(natives.sharp!, file);
    } catch (error) {
      if (!(error instanceof TransferEvidenceError)) throw error;
      unreadable.push(id);
      return undefined;
    }
  });
  unreadable.sort(compareCodeUnits);
  await store.writeMatrix(key, signatures, 'signatures');
  await store.writeJson('unreadable', key, { unreadable });
  return { signatures, unreadable };
}

async function readSignatures(
  images: readonly ImageRecord[],
  { natives, onProgress, signal }: SignatureOptions,
  read: (natives: Natives, file: string, id: string) => Promise<RawImage | undefined>,
): Promise<Matrix> {
  const data = new Float32Array(images.length * signatureColumns);
  let next = 0;
  let done = 0;
  const readOn = async (): Promise<void> => {
    for (let row = next++; row < images.length; row = next++) {
      signal?.throwIfAborted();
      const { file, id } = images[row]!;
      const image = await read(natives, file, id);
      if (image) data.set(imageSignature(image), row * signatureColumns);
      onProgress(++done, images.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, images.length) }, readOn));
  return matrix(data, images.length, signatureColumns);
}

async function decodeAgain(natives: Natives, file: string, id: string): Promise<RawImage> {
  try {
    return await decode(natives.sharp!, file);
  } catch (cause) {
    throw new TransferEvidenceError(
      'dataset-unreadable',
      `The image ${id} could be read a moment ago and cannot now: ${(cause as Error).message} Keep the images as they are during a run.`,
      { cause },
    );
  }
}
