import type { ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
import { TransferEvidenceError } from '../errors.ts';
import { decode } from '../image/decode.ts';
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
  const known = await store.readMatrix(key);
  if (known) return known;
  const signatures = await readSignatures(set.images, options);
  await store.writeMatrix(key, signatures);
  return signatures;
}

async function readSignatures(
  images: readonly ImageRecord[],
  { natives, onProgress, signal }: SignatureOptions,
): Promise<Matrix> {
  const data = new Float32Array(images.length * signatureColumns);
  let next = 0;
  let done = 0;
  const readOn = async (): Promise<void> => {
    for (let row = next++; row < images.length; row = next++) {
      signal?.throwIfAborted();
      const { file, id } = images[row]!;
      data.set(imageSignature(await decodeAgain(natives, file, id)), row * signatureColumns);
      onProgress(++done, images.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, images.length) }, readOn));
  return matrix(data, images.length, signatureColumns);
}

async function decodeAgain(natives: Natives, file: string, id: string) {
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
