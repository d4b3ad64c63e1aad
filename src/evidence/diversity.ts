import { setImmediate } from 'node:timers/promises';
import type { Property } from '../dataset/properties/property.ts';
import { TransferEvidenceError } from '../errors.ts';
import type { Products } from '../linear-algebra/products.ts';
import { type Matrix, selectRows } from '../matrix.ts';
import { seededRandom } from '../random.ts';
import { vendi } from '../similarity/embedding/vendi.ts';
import { subsample } from '../similarity/subsample.ts';
import { blockCount, blocksOf, jackknife } from '../statistics/jackknife.ts';
import type { DatasetProperty } from './schema.ts';

interface Featured {
  features: ReadonlyMap<string, Matrix>;
  groups: readonly string[];
}

/** Images that diversity is read from where every set has so many. */
const usualImages = 500;

/**
 * The Vendi score of the target and each source in one encoder, each at equally many images, since it grows with their number;
 * with the block jackknife's interval, by group.
 * @param sets by what they are about: `target` or a candidate's id
 */
export async function measureDiversity(
  encoder: { id: string; digest: string },
  sets: ReadonlyMap<string, Featured>,
  { seed, products, signal }: { seed: number; products: Products; signal: AbortSignal },
): Promise<DatasetProperty[]> {
  const rows = (set: Featured) => set.features.get(encoder.digest)!.rows;
  let images = usualImages;
  for (const set of sets.values()) images = Math.min(images, rows(set));
  const found: DatasetProperty[] = [];
  for (const [about, set] of sets) {
    await setImmediate();
    signal.throwIfAborted();
    const random = seededRandom(seed, 'diversity', rows(set), images);
    const drawn = rows(set) === images ? [...set.groups.keys()] : [...subsample(set.groups, images, random)];
    const features = selectRows<Float32Array | Float64Array>(set.features.get(encoder.digest)!, drawn);
    const groups = drawn.map((row) => set.groups[row]!);
    found.push({ about, ...(await diversityOf({ features, groups }, encoder.id, { seed, products })) });
  }
  return found;
}

async function diversityOf(
  { features, groups }: { features: Matrix; groups: string[] },
  encoder: string,
  { seed, products }: { seed: number; products: Products },
): Promise<Property> {
  const common = { property: 'diversity' as const, unit: 'effective images', n: features.rows, details: { encoder } };
  const of = (rows: number[]) =>
    vendi(selectRows<Float32Array | Float64Array>(features, rows), { images: features.rows, products });
  try {
    const all = [...groups.keys()];
    const value = await of(all);
    const blocks = blockCount([{ rows: all.length, groups: new Set(groups).size }]);
    const block = blocksOf(groups, blocks, seededRandom(seed, 'diversity-blocks', all.length));
    const leftOut: number[] = [];
    for (let left = 0; left < blocks; left++) leftOut.push(await of(all.filter((row) => block[row] !== left)));
    const { low, high } = jackknife(value, leftOut);
    return { ...common, value, low, high };
  } catch (error) {
    if (!(error instanceof TransferEvidenceError) || error.code !== 'measure-refused') throw error;
    return { ...common, value: null, refused: error.message };
  }
}
