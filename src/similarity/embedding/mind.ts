import type { Matrix } from '../../matrix.ts';
import { meanSquaredW2, type SlicedOptions } from './sliced-wasserstein.ts';

/** Changes whenever a number of this measure can change. */
export const mindVersion = '1';

/**
 * MIND: 3 d times the squared sliced 2-Wasserstein distance, d being the features' number, which puts it on the scale of
 * FID. In feature², lower is closer, 0 for equal sets. It sees all of a distribution where FID sees two moments, and needs
 * no more images than features; biased upwards by about 1/n, so only distances at equal n compare. 20 images a side for a
 * value, about 500 to rank. Berthet et al. 2026 (arXiv 2605.06797); torch-fidelity `metric_mind.py` draws 1,000
 * directions, here 256 of a fixed seed serve all sources alike.
 * @param source n × d features, n ≥ 2
 * @param target m × d features, m ≥ 2
 * @throws as {@link import('./sliced-wasserstein.ts').slicedWasserstein}
 */
export async function mind(source: Matrix, target: Matrix, options?: SlicedOptions): Promise<number> {
  return 3 * source.columns * (await meanSquaredW2('MIND', source, target, options));
}
