/** A power spectrum as {@link import('./fourier.ts').powerSpectrum} gives it, summed by distance from frequency 0. */
export interface RadialPower {
  /** Sums over all frequencies of a ring, rounded to whole cycles a side, up to the corners. */
  sums: Float64Array;
  counts: Float64Array;
}

/** Which ring each stored frequency lies in, and how many of the whole lie in each ring; the same for one side. */
interface Rings {
  ring: Uint16Array;
  counts: Float64Array;
}

export function radialPower(side: number, power: Float64Array): RadialPower {
  const { ring, counts } = ringsOf(side);
  const sums = new Float64Array(counts.length);
  // The stored half: its first and its last row stand for themselves, every other for two.
  const last = (side / 2) * side;
  for (let at = 0; at < side; at++) {
    sums[ring[at]!]! += power[at]!;
    sums[ring[last + at]!]! += power[last + at]!;
  }
  for (let at = side; at < last; at++) sums[ring[at]!]! += 2 * power[at]!;
  return { sums, counts };
}

const knownRings = new Map<number, Rings>();

function ringsOf(side: number): Rings {
  const known = knownRings.get(side);
  if (known) return known;
  const half = side / 2;
  const ring = new Uint16Array((half + 1) * side);
  const counts = new Float64Array(Math.round(Math.SQRT2 * half) + 1);
  for (let v = 0, at = 0; v <= half; v++)
    for (let u = 0; u < side; u++, at++) {
      ring[at] = Math.round(Math.hypot(Math.min(u, side - u), v));
      counts[ring[at]!]! += v === 0 || v === half ? 1 : 2;
    }
  const rings = { ring, counts };
  knownRings.set(side, rings);
  return rings;
}

/**
 * Means of ln(power + `raised`) over square rings, where the larger of the two frequencies is the same: 0 … side / 2.
 * Logarithms are taken of products, since one of every number would take as long as the transform.
 */
export function meanLogPower(side: number, power: Float64Array, raised: number): Float64Array {
  const half = side / 2;
  const sums = new Float64Array(half + 1);
  const products = new Float64Array(half + 1);
  const addRows = (from: number, to: number, times: number) => {
    products.fill(1);
    for (let v = from; v <= to; v++)
      for (let u = 0, at = v * side, mirror = at + side; u <= half; u++, at++, mirror--) {
        const ring = u < v ? v : u;
        const alone = u === 0 || u === half;
        const factor = (power[at]! + raised) * (alone ? 1 : power[mirror]! + raised);
        const product = products[ring]! * factor;
        if (product > 1e-200 && product < 1e200) products[ring] = product;
        else {
          // Further factors could leave the range of numbers.
          sums[ring]! += times * Math.log(product);
          products[ring] = 1;
        }
      }
    for (let ring = 0; ring <= half; ring++) sums[ring]! += times * Math.log(products[ring]!);
  };
  // The stored half: its first and its last row stand for themselves, every other for two.
  addRows(0, 0, 1);
  addRows(1, half - 1, 2);
  addRows(half, half, 1);
  return sums.map((sum, ring) => sum / sizeOfSquareRing(ring, half));
}

/** Frequencies of a square ring. The outermost has no positive half of its own: side / 2 is −side / 2. */
function sizeOfSquareRing(ring: number, half: number): number {
  if (ring === 0) return 1;
  return ring < half ? 8 * ring : 4 * half - 1;
}
