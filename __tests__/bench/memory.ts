import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { fingerprint, readContents } from '../../src/dataset/fingerprint.ts';
import { openDataset } from '../../src/dataset/open.ts';
import { describeImages } from '../../src/encoder/describe.ts';
import { builtInEncoder } from '../../src/encoder/encoder.ts';
import { loadNatives } from '../../src/runtime/natives.ts';

/** Small pictures, all different, in two classes. */
async function draw(folder: string, count: number): Promise<void> {
  const raw = { width: 16, height: 16, channels: 3 } as const;
  const pixels = Buffer.alloc(16 * 16 * 3, 90);
  for (const kind of ['a', 'b']) await mkdir(join(folder, kind), { recursive: true });
  for (let i = 0; i < count; i++) {
    pixels.writeUInt32LE(i, 0);
    await writeFile(
      join(folder, i % 2 ? 'a' : 'b', `${i}.png`),
      await sharp(pixels, { raw }).png({ compressionLevel: 1 }).toBuffer(),
    );
  }
}

/** Peak memory of opening, fingerprinting and describing many small images, in MB. */
async function benchMemory(count: number): Promise<{ images: number; peak: number; seconds: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-memory-'));
  try {
    await draw(folder, count);
    const started = performance.now();
    const dataset = await openDataset(folder, { base: folder, roots: [folder], labelled: true });
    fingerprint(dataset, await readContents(dataset));
    const natives = await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: console.error });
    const { kept } = await describeImages(dataset.images, {
      encoders: [builtInEncoder()],
      visual: false,
      device: 'cpu',
      natives: natives.from,
    });
    return {
      images: kept.length,
      peak: process.resourceUsage().maxRSS / 1024,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    if (existsSync(folder)) await rm(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const { images, peak, seconds } = await benchMemory(Number(process.argv[2] ?? 20_000));
  console.log(`${images} images described, features kept: peak ${peak.toFixed(0)} MB, ${seconds.toFixed(0)} s`);
}
