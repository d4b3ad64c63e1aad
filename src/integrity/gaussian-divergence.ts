import type { ImageStatistics, NormalisationLayer } from './running-statistics.ts';

/**
 * How far what a layer sees lies from what it saw in training: per channel the symmetric divergence of two normal distributions,
 * J = ½ (v/w + w/v) − 1 + ½ (m − n)² (1/v + 1/w) (Jeffreys 1946; both directions of Kullback & Leibler 1951 added), averaged over channels as
 * log(1 + J), so that one channel that hardly varied in training does not decide alone.
 *
 * The variance of all positions of all images is the mean of the images' variances plus the variance of their means.
 * @param images of one layer, each image's own statistics
 * @param weights how often each image counts; default once
 * @returns 0 when they agree, no upper bound; lower is closer
 */
export function statisticsDivergence(
  layer: NormalisationLayer,
  images: readonly ImageStatistics[],
  weights?: ArrayLike<number>,
): number {
  const channels = layer.mean.length;
  let total = 0;
  for (let i = 0; i < images.length; i++) total += weights?.[i] ?? 1;
  let sum = 0;
  for (let c = 0; c < channels; c++) {
    let mean = 0;
    let square = 0;
    let within = 0;
    for (let i = 0; i < images.length; i++) {
      const weight = weights?.[i] ?? 1;
      if (weight === 0) continue;
      const value = images[i]!.mean[c]!;
      mean += weight * value;
      square += weight * value * value;
      within += weight * images[i]!.variance[c]!;
    }
    mean /= total;
    const v = Math.max(0, within / total + square / total - mean * mean) + layer.epsilon;
    const w = layer.variance[c]! + layer.epsilon;
    const apart = mean - layer.mean[c]!;
    sum += Math.log1p(Math.max(0, (v / w + w / v) / 2 - 1 + (apart * apart * (1 / v + 1 / w)) / 2));
  }
  return sum / channels;
}
