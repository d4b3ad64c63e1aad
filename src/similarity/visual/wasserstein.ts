/**
 * 1-Wasserstein distance between two samples of numbers, ∫|F⁻¹ − G⁻¹|, in their unit; exact for unequal sizes.
 * Both are sorted in place and hold at least one number.
 */
export function wasserstein(a: Float64Array, b: Float64Array): number {
  a.sort();
  b.sort();
  let total = 0;
  let i = 0;
  let j = 0;
  // Shares are counted in whole steps of 1 / (a.length · b.length), so that no rounding can lose the last one.
  let done = 0;
  const all = a.length * b.length;
  while (done < all) {
    const next = Math.min((i + 1) * b.length, (j + 1) * a.length);
    total += (next - done) * Math.abs(a[i]! - b[j]!);
    if (next === (i + 1) * b.length) i++;
    if (next === (j + 1) * a.length) j++;
    done = next;
  }
  return total / all;
}

/** 1-Wasserstein distance between two histograms of equal mass over the same bins, ∫|F − G|, in units of `width`. */
export function histogramWasserstein(a: Float64Array, b: Float64Array, width: number): number {
  let difference = 0;
  let total = 0;
  for (let bin = 0; bin < a.length; bin++) {
    difference += a[bin]! - b[bin]!;
    total += Math.abs(difference);
  }
  return total * width;
}
