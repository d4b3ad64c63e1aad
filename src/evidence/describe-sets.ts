import type { ImageRecord } from '../dataset/types.ts';
import { digestOf } from '../digest.ts';
import { type DescribeOptions, describeImages } from '../encoder/describe.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { TransferEvidenceError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { visualVersion } from '../similarity/visual/index.ts';
import type { PlannedSet } from './plan.ts';
import type { ImageSet } from './schema.ts';
import type { DescribedSet } from './similarity.ts';
import type { Store } from './store.ts';

/** A dataset in which a larger share than this cannot be read is refused: what is left may no longer be it. */
const unreadableShare = 0.05;

/** Raised when decoding or resizing changes the pixels that encoders see. */
export const pixelVersion = 1;

export interface ReadSet extends DescribedSet {
  /** The readable images, in the order of the feature rows. */
  images: ImageRecord[];
  unreadable: { id: string; reason: string }[];
  /** The devices that its features came from, on this run or an earlier one. */
  devices: string[];
}

interface Unreadable {
  unreadable: { id: string; reason: string }[];
}

/** Features of one encoder, and where it ran. */
interface KnownFeatures {
  matrix: Matrix;
  device: string;
}

/** What is asked of one set, and from where it is read. */
export interface DescribeRequest {
  set: PlannedSet;
  /** `target.data`, `candidates[1].sample`: for messages. */
  path: string;
  encoders: readonly Encoder[];
}

/**
 * Features and visual descriptors of a set: from the store where it has them, else in one pass over the images.
 * @throws dataset-unreadable when more than 5 % of the images cannot be read
 */
export async function describeSet(
  { set, path, encoders }: DescribeRequest,
  store: Store,
  options: Pick<DescribeOptions, 'device' | 'natives' | 'onProgress' | 'onPassedOver' | 'signal'>,
): Promise<ReadSet> {
  const decoder = options.natives.sharp?.version ?? null;
  const keyOf = (what: string) => digestOf({ pixelVersion, decoder, set: set.digest, what });
  const visualKey = keyOf(`visual ${visualVersion}`);
  const featureKey = (digest: string) => keyOf(`features ${digest}`);
  // A head's probabilities lie beside the features, under the head's own digest.
  const rowsOf = ({ digest, heads = [] }: Encoder) => [digest, ...heads.map((head) => head.digest)];

  const readable = (await store.readJson('unreadable', keyOf('unreadable'))) as Unreadable | undefined;
  const features = new Map<string, KnownFeatures>();
  let looks = (await store.readMatrix(visualKey)) as Matrix<Float64Array> | undefined;
  for (const digest of encoders.flatMap(rowsOf)) {
    const known = await store.readMatrix(featureKey(digest));
    const ran = (await store.readJson('device', featureKey(digest))) as { device: string } | undefined;
    if (known && ran) features.set(digest, { matrix: known, device: ran.device });
  }
  const missing = encoders.filter((encoder) => !rowsOf(encoder).every((digest) => features.has(digest)));
  const lookAgain = looks === undefined;
  if (readable && missing.length === 0 && !lookAgain) return finish(readable.unreadable);

  const described = await describeImages(set.sample, {
    ...options,
    // By digest, since a candidate and a common encoder may have one name.
    encoders: missing.map((encoder) => ({ ...encoder, id: encoder.digest })),
    visual: lookAgain,
  });
  for (const digest of missing.flatMap(rowsOf)) {
    const matrix = described.features.get(digest)!;
    const { device } = described;
    features.set(digest, { matrix, device });
    await store.writeMatrix(featureKey(digest), matrix);
    await store.writeJson('device', featureKey(digest), { device });
  }
  if (described.visual) {
    looks = described.visual;
    await store.writeMatrix(visualKey, looks);
  }
  await store.writeJson('unreadable', keyOf('unreadable'), { unreadable: described.unreadable } satisfies Unreadable);
  return finish(described.unreadable);

  function finish(unreadable: { id: string; reason: string }[]): ReadSet {
    if (unreadable.length > unreadableShare * set.sample.length)
      throw new TransferEvidenceError(
        'dataset-unreadable',
        `${unreadable.length} of ${set.sample.length} images in ${path} cannot be read; at most ${unreadableShare * 100} % may be. First: ${unreadable
          .slice(0, 5)
          .map(({ id, reason }) => `${id} (${reason})`)
          .join('; ')}. Mend or remove them.`,
      );
    const lost = new Set(unreadable.map(({ id }) => id));
    const images = set.sample.filter(({ id }) => !lost.has(id));
    return {
      digest: set.digest,
      groups: images.map(({ group }) => group),
      images,
      unreadable,
      visual: looks ?? null,
      features: new Map([...features].map(([digest, { matrix }]) => [digest, matrix])),
      devices: [...new Set([...features.values()].map(({ device }) => device))],
    };
  }
}

/** The set as the evidence records it. */
export function imageSetOf(set: PlannedSet, read: ReadSet | null): ImageSet {
  const images = read?.images ?? set.sample;
  return {
    fingerprint: set.digest,
    images: set.dataset.images.length,
    sampled: images.map(({ id }) => id),
    classes: set.dataset.classes,
    groups: new Set(images.map(({ group }) => group)).size,
    unreadable: read?.unreadable.map(({ id }) => id) ?? [],
  };
}
