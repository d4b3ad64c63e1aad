/** 64-bit hashes, two words each: bits 0 to 31 at 2i, 32 to 63 at 2i + 1. */
export type Hashes = Uint32Array;

/** Bits that two hashes of one image may differ by (see near-duplicates for how it was measured). */
export const hashRadius = 8;

const bands = 4;
const bandValues = 2 ** 16;
/** By pigeonhole: hashes within 8 bits agree on one of four bands to within 2. */
const bandRadius = Math.floor(hashRadius / bands);

/** Every way to change at most `bandRadius` of 16 bits. */
const changes = changesOf(bandRadius);

/** Finds hashes by nearness. */
export interface HashIndex {
  /** The positions of all hashes within `hashRadius` bits of this one, each once, in no particular order. */
  near(low: number, high: number): number[];
}

/**
 * Indexes hashes for search by Hamming distance: multi-index hashing (Norouzi, Punjani & Fleet 2012) over four bands of 16 bits. Exact: what
 * it leaves out is further away than `hashRadius`. A look-up visits 4 · 137 buckets whatever the number of hashes.
 */
export function indexHashes(hashes: Hashes): HashIndex {
  const count = hashes.length / 2;
  const tables = Array.from({ length: bands }, (_, band) => tableOf(hashes, band));
  const seen = new Uint32Array(count);
  let look = 0;
  return {
    near(low, high) {
      look++;
      const found: number[] = [];
      for (const [band, { starts, items }] of tables.entries()) {
        const value = bandOf(low, high, band);
        for (const change of changes) {
          const bucket = value ^ change;
          for (let at = starts[bucket]!; at < starts[bucket + 1]!; at++) {
            const item = items[at]!;
            if (seen[item] === look) continue;
            seen[item] = look;
            if (ones(hashes[2 * item]! ^ low) + ones(hashes[2 * item + 1]! ^ high) <= hashRadius) found.push(item);
          }
        }
      }
      return found;
    },
  };
}

/** The positions of hashes in order of one band's value, and where each value begins. */
function tableOf(hashes: Hashes, band: number): { starts: Uint32Array; items: Uint32Array } {
  const count = hashes.length / 2;
  const starts = new Uint32Array(bandValues + 1);
  for (let i = 0; i < count; i++) starts[bandOf(hashes[2 * i]!, hashes[2 * i + 1]!, band) + 1]!++;
  for (let value = 0; value < bandValues; value++) starts[value + 1]! += starts[value]!;
  const next = starts.slice();
  const items = new Uint32Array(count);
  for (let i = 0; i < count; i++) items[next[bandOf(hashes[2 * i]!, hashes[2 * i + 1]!, band)]!++] = i;
  return { starts, items };
}

function bandOf(low: number, high: number, band: number): number {
  const word = band < 2 ? low : high;
  return band % 2 === 0 ? word & 0xffff : word >>> 16;
}

function changesOf(radius: number): number[] {
  const found = new Set([0]);
  for (let step = 0; step < radius; step++)
    for (const change of [...found]) for (let bit = 0; bit < 16; bit++) found.add(change ^ (1 << bit));
  return [...found];
}

/** The number of bits that are 1 among 32. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
