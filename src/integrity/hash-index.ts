/** 64-bit hashes, two words each: bits 0 to 31 at 2i, 32 to 63 at 2i + 1. */
export type Hashes = Uint32Array;

/** Bits that two hashes of one image may differ by (see near-duplicates for how it was measured). */
export const hashRadius = 8;

const bands = 4;
const bandBits = 16;
const bandValues = 2 ** bandBits;
/** By pigeonhole: hashes within 8 bits agree on one of four bands to within 2. */
const exactBandRadius = 2;

/** Finds hashes by nearness. */
export interface HashIndex {
  /** The positions of hashes within `hashRadius` bits of this one, each once, in no particular order. */
  near(low: number, high: number): number[];
}

/**
 * Indexes hashes for search by Hamming distance: multi-index hashing (Norouzi, Punjani & Fleet 2012) over four bands of 16 bits, with each hash
 * filed under every value that is near its own, so that a look-up reads four lists whatever the number of hashes. It leaves out nothing.
 * @param bandRadius bits that one band may differ by. With 2 a hash is filed 4 · 137 times. With 1 only 4 · 17 times, and the lists are shorter;
 *   then every hash within 7 bits is found, and of those at 8 bits all but the few that differ by 2 in every band (4 % of random ones).
 */
export function indexHashes(hashes: Hashes, bandRadius: 1 | 2 = exactBandRadius): HashIndex {
  const count = hashes.length / 2;
  const changes = changesOf(bandRadius);
  const tables = Array.from({ length: bands }, (_, band) => tableOf(hashes, band, changes));
  const seen = new Uint32Array(count);
  let look = 0;
  return {
    near(low, high) {
      look++;
      const found: number[] = [];
      for (let band = 0; band < bands; band++) {
        const { starts, items } = tables[band]!;
        const value = bandOf(low, high, band);
        const end = starts[value + 1]!;
        for (let at = starts[value]!; at < end; at++) {
          const item = items[at]!;
          if (seen[item] === look) continue;
          seen[item] = look;
          if (bitsApart(hashes, item, low, high) <= hashRadius) found.push(item);
        }
      }
      return found;
    },
  };
}

/** Bits by which the hash at a position differs from another. */
export function bitsApart(hashes: Hashes, item: number, low: number, high: number): number {
  return ones(hashes[2 * item]! ^ low) + ones(hashes[2 * item + 1]! ^ high);
}

/** Positions of hashes in order of the values that they are filed under in one band, and where each value begins. */
function tableOf(hashes: Hashes, band: number, changes: Uint16Array): { starts: Uint32Array; items: Uint32Array } {
  const count = hashes.length / 2;
  const starts = new Uint32Array(bandValues + 1);
  for (let i = 0; i < count; i++) {
    const value = bandOf(hashes[2 * i]!, hashes[2 * i + 1]!, band);
    for (const change of changes) starts[(value ^ change) + 1]!++;
  }
  for (let value = 0; value < bandValues; value++) starts[value + 1]! += starts[value]!;
  const next = starts.slice();
  const items = new Uint32Array(count * changes.length);
  for (let i = 0; i < count; i++) {
    const value = bandOf(hashes[2 * i]!, hashes[2 * i + 1]!, band);
    for (const change of changes) items[next[value ^ change]!++] = i;
  }
  return { starts, items };
}

function bandOf(low: number, high: number, band: number): number {
  const word = band < 2 ? low : high;
  return band % 2 === 0 ? word & 0xffff : word >>> 16;
}

/** Every way to change at most `radius` of 16 bits. */
function changesOf(radius: number): Uint16Array {
  const found = new Set([0]);
  for (let step = 0; step < radius; step++)
    for (const change of [...found]) for (let bit = 0; bit < bandBits; bit++) found.add(change ^ (1 << bit));
  return Uint16Array.from(found);
}

/** The number of bits that are 1 among 32. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
