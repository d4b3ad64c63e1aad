/**
 * Jensen–Shannon divergence between two histograms over the same bins that both sum to 1, in bits; 0 … 1, 0 for equal
 * ones, 1 for ones without a common bin. Lin 1991, IEEE Trans. Information Theory 37:145, with equal
 * weights. No distance in itself (its square root is one), and biased upwards in small samples as 1/n.
 */
export function jensenShannon(a: Float64Array, b: Float64Array): number {
  let bits = 0;
  for (let bin = 0; bin < a.length; bin++) {
    const p = a[bin]!;
    const q = b[bin]!;
    const middle = (p + q) / 2;
    if (p > 0) bits += (p * Math.log2(p / middle)) / 2;
    if (q > 0) bits += (q * Math.log2(q / middle)) / 2;
  }
  return Math.max(0, bits);
}
