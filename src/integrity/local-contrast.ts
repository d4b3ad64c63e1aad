/** Frequencies along a side that pictures are drawn from, and the side of the drawing. */
const count = 16;
const side = 32;
/** Pixels around each one that its contrast is measured over: 5 × 5. */
const reach = 2;
/** Grey levels: less contrast than this is taken for noise and counts less. */
const leastContrast = 5;
/** Side of the tiles whose shares of the contrast are compared. */
const tile = 4;

/** Lanczos' factors: a picture of few frequencies has ripples beside each edge, which are no detail of it. */
const factors = Array.from({ length: count }, (_, u) => {
  const angle = (Math.PI * u) / count;
  return u === 0 ? 1 : (Math.SQRT2 * Math.sin(angle)) / angle;
});
const cosines = factors.map((factor, u) =>
  Float64Array.from({ length: side }, (_, at) => factor * Math.cos((Math.PI * u * (at + 0.5)) / side)),
);

/** What of two pictures is alike, with each place's contrast brought to the same strength (local contrast normalisation). */
export interface LocalLikeness {
  /** −1 to 1: a bright outline that two pictures share does not outshine what lies within it, as it does in a plain correlation. */
  correlation: number;
  /** Above 0 to 1: share of the picture that its contrast is spread over, of the two the smaller one. */
  spread: number;
}

/** @param a the 16 × 16 lowest frequencies of a picture, in grey levels; @param b likewise */
export function localLikeness(a: ArrayLike<number>, b: ArrayLike<number>): LocalLikeness {
  const [one, other] = [normalised(drawn(a)), normalised(drawn(b))];
  let product = 0;
  let ofOne = 0;
  let ofOther = 0;
  for (let at = 0; at < one.length; at++) {
    product += one[at]! * other[at]!;
    ofOne += one[at]! ** 2;
    ofOther += other[at]! ** 2;
  }
  if (ofOne === 0 || ofOther === 0) return { correlation: 0, spread: 0 };
  return {
    correlation: product / Math.sqrt(ofOne * ofOther),
    spread: Math.min(spreadOf(one), spreadOf(other)),
  };
}

/** The picture of frequencies. */
function drawn(frequencies: ArrayLike<number>): Float64Array {
  const across = new Float64Array(count * side);
  for (let v = 0; v < count; v++)
    for (let u = 0; u < count; u++) {
      const strength = frequencies[v * count + u]!;
      for (let x = 0; x < side; x++) across[v * side + x]! += strength * cosines[u]![x]!;
    }
  const pixels = new Float64Array(side * side);
  for (let y = 0; y < side; y++)
    for (let v = 0; v < count; v++) {
      const weight = cosines[v]![y]!;
      for (let x = 0; x < side; x++) pixels[y * side + x]! += weight * across[v * side + x]!;
    }
  return pixels;
}

/** Each pixel less the mean around it, divided by the standard deviation there. */
function normalised(pixels: Float64Array): Float64Array {
  const out = new Float64Array(pixels.length);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      let sum = 0;
      let squares = 0;
      let around = 0;
      for (let j = Math.max(0, y - reach); j <= Math.min(side - 1, y + reach); j++)
        for (let i = Math.max(0, x - reach); i <= Math.min(side - 1, x + reach); i++) {
          const value = pixels[j * side + i]!;
          sum += value;
          squares += value * value;
          around++;
        }
      const mean = sum / around;
      const deviation = Math.sqrt(Math.max(0, squares / around - mean * mean));
      out[y * side + x] = (pixels[y * side + x]! - mean) / (deviation + leastContrast);
    }
  return out;
}

/** Participation ratio of the tiles, as a share of their number. */
function spreadOf(normal: Float64Array): number {
  const tiles = side / tile;
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < tiles * tiles; at++) {
    const corner = Math.floor(at / tiles) * tile * side + (at % tiles) * tile;
    let energy = 0;
    for (let i = 0; i < tile * tile; i++) energy += normal[corner + Math.floor(i / tile) * side + (i % tile)]! ** 2;
    sum += energy;
    squares += energy * energy;
  }
  return (sum * sum) / squares / tiles ** 2;
}
