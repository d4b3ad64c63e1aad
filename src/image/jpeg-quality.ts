/**
 * The luminance quantisation table of ITU-T T.81 (1992), table K.1, in zigzag order: what the Independent JPEG Group's
 * encoder scales by its quality setting.
 */
const standard = [
  16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61,
  60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121,
  112, 100, 120, 92, 101, 103, 99,
];

/**
 * JPEG quality 1 … 100 on the Independent JPEG Group's scale, estimated from a file's bytes: the setting whose table is
 * nearest (least sum of absolute differences) to the one that quantised the file's first component, exact for files of
 * libjpeg and its descendants. Cameras and Photoshop have tables of their own; for them it is the nearest setting. It
 * tells of the last compression only. Undefined where there is no baseline or progressive frame with its table before it.
 */
export function jpegQualityOf(bytes: Uint8Array): number | undefined {
  const table = quantisationTable(bytes);
  if (table === undefined) return undefined;
  let nearest = { quality: 1, apart: Number.POSITIVE_INFINITY };
  for (let quality = 1; quality <= 100; quality++) {
    const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
    let apart = 0;
    for (const [at, base] of standard.entries())
      apart += Math.abs(table[at]! - Math.min(255, Math.max(1, Math.floor((base * scale + 50) / 100))));
    // Of equals the higher: below 1 in 100 differ in nothing.
    if (apart <= nearest.apart) nearest = { quality, apart };
  }
  return nearest.quality;
}

/** Markers that stand alone, without a length: TEM, RST0 … RST7, SOI. */
const alone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** Baseline, extended and progressive frames, Huffman or arithmetic. Others are not quantised by a table of 64. */
const frames = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);

/** The 64 steps, in zigzag order, of the first component's table; T.81, annex B. */
function quantisationTable(bytes: Uint8Array): number[] | undefined {
  const tables = new Map<number, number[]>();
  let at = 2;
  while (at + 3 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    // Any number of fill bytes 0xff may stand before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    at += 2;
    if (alone(marker)) continue;
    const end = at + bytes[at]! * 256 + bytes[at + 1]!;
    if (end > bytes.length) return undefined;
    if (marker === 0xdb) readTables(bytes.subarray(at + 2, end), tables);
    // Precision, height, width and the number of components come first, then each one's id, sampling and table.
    if (frames.has(marker)) return tables.get(bytes[at + 10]!);
    // The entropy-coded data begin; a frame would have come before.
    if (marker === 0xda || marker === 0xd9) return undefined;
    at = end;
  }
  return undefined;
}

function readTables(segment: Uint8Array, tables: Map<number, number[]>): void {
  let at = 0;
  while (at < segment.length) {
    const width = segment[at]! >> 4 === 0 ? 1 : 2;
    const end = at + 1 + 64 * width;
    if (end > segment.length) return;
    tables.set(
      segment[at]! & 15,
      Array.from({ length: 64 }, (_, step) => {
        const from = at + 1 + step * width;
        return width === 1 ? segment[from]! : segment[from]! * 256 + segment[from + 1]!;
      }),
    );
    at = end;
  }
}
