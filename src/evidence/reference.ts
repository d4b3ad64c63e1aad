import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
import { type DescribeOptions, describeImages } from '../encoder/describe.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { TransferEvidenceError } from '../errors.ts';
import type { RawImage } from '../image/types.ts';
import type { Matrix } from '../matrix.ts';
import type { ReferenceSet } from '../reference/built-in.ts';
import { drawDeadLeaves } from '../reference/dead-leaves.ts';
import type { Sharp } from '../runtime/require-native.ts';
import { pixelVersion } from './describe-sets.ts';
import type { Store } from './store.ts';

/** A reference set in the features of each encoder. */
export interface DescribedReference {
  id: string;
  images: number;
  digest: string;
  /** By the encoder's digest. */
  features: ReadonlyMap<string, Matrix>;
}

/**
 * The features of a drawn reference set: from the store where it has them. The images are drawn only for an encoder that is new,
 * into a temporary folder, so that they are decoded and resized as any image is.
 */
export async function describeReference(
  { id, images, digest }: ReferenceSet,
  encoders: readonly Encoder[],
  store: Store,
  options: Omit<DescribeOptions, 'encoders' | 'visual'> & { sharp: Sharp },
): Promise<DescribedReference> {
  const decoder = options.natives.sharp?.version ?? null;
  const keyOf = (encoder: Encoder) => digestOf({ pixelVersion, decoder, reference: digest, encoder: encoder.digest });
  const features = new Map<string, Matrix>();
  for (const encoder of encoders) {
    const known = await store.readMatrix(keyOf(encoder));
    if (known) features.set(encoder.digest, known);
  }
  const missing = encoders.filter((encoder) => !features.has(encoder.digest));
  if (missing.length > 0)
    await withDrawn(images, options, async (records) => {
      // By digest, as the features of other sets are.
      const named = missing.map((encoder) => ({ ...encoder, id: encoder.digest }));
      const described = await describeImages(records, { ...options, encoders: named, visual: false });
      for (const encoder of missing) {
        const matrix = described.features.get(encoder.digest)!;
        features.set(encoder.digest, matrix);
        await store.writeMatrix(keyOf(encoder), matrix);
      }
    });
  return { id, images, digest, features };
}

/** Draws the images into files that are gone when the work is done. */
async function withDrawn(
  images: number,
  { sharp, signal }: { sharp: Sharp; signal?: AbortSignal },
  work: (records: ImageRecord[]) => Promise<void>,
): Promise<void> {
  const drawn: RawImage[] = [];
  for (let index = 0; index < images; index++) {
    // The event loop gets its turn, so that a time limit or Ctrl-C is heard.
    await setImmediate();
    signal?.throwIfAborted();
    drawn.push(drawDeadLeaves(index));
  }
  const folder = await mkdtemp(join(tmpdir(), 'transfer-evidence-')).catch(refuse);
  try {
    const records = drawn.map((_, index): ImageRecord => {
      const id = `${String(index).padStart(4, '0')}.png`;
      return { id, file: join(folder, id), labels: [], group: id };
    });
    const write = ({ data, width, height }: RawImage, index: number) =>
      sharp(data, { raw: { width, height, channels: 3 } })
        .png({ compressionLevel: 1 })
        .toFile(records[index]!.file);
    await Promise.all(drawn.map(write)).catch(refuse);
    await work(records);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuse(cause: unknown): never {
  throw new TransferEvidenceError(
    'runtime-missing',
    `The reference images cannot be written to ${tmpdir()} (${(cause as Error).message}). Point TMPDIR to a folder that can be written to, or set evidence.reference to off.`,
    { cause },
  );
}
