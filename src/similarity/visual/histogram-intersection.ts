/** Mass that two histograms over the same bins share, Σ min(p, q); 1 for equal ones. Swain & Ballard 1991, IJCV 7:11. */
export function histogramIntersection(a: Float64Array, b: Float64Array): number {
  let shared = 0;
  for (let bin = 0; bin < a.length; bin++) shared += Math.min(a[bin]!, b[bin]!);
  return shared;
}
