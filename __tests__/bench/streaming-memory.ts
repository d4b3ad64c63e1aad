import { runtimeProducts } from '../../src/linear-algebra/runtime-products.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { loadNatives } from '../../src/runtime/natives.ts';
import { fidOfMoments } from '../../src/similarity/embedding/fid.ts';
import { momentsOfChunks } from '../../src/similarity/embedding/moments.ts';

/**
 * FID of two sets that are never in memory as a whole: features come in chunks, as they would from a network or a file,
 * and only sums over them stay.
 * Run: node __tests__/bench/streaming-memory.ts [images a side] [columns]
 */
const chunkRows = 2000;

/** Rectified, correlated and cheap to make: what matters here is their number. */
function* features(images: number, columns: number, seed: number, shift: number): Iterable<Matrix> {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  for (let done = 0; done < images; done += chunkRows) {
    const rows = Math.min(chunkRows, images - done);
    const data = new Float32Array(rows * columns);
    for (let row = 0, at = 0; row < rows; row++) {
      const common = next();
      for (let column = 0; column < columns; column++, at++) data[at] = Math.max(0, common + next() + shift);
    }
    yield matrix(data, rows, columns);
  }
}

const [images = 100_000, columns = 1280] = process.argv.slice(2).map(Number);
const { onnxruntime } = await loadNatives({ need: ['onnxruntime-node'], log: console.error });
const products = runtimeProducts(onnxruntime!);
const started = performance.now();
const source = await momentsOfChunks(features(images, columns, 1, 0), products);
const target = await momentsOfChunks(features(images, columns, 2, 0.1), products);
const value = await fidOfMoments(source, target, products);
await products.close();
const peak = process.resourceUsage().maxRSS / 1024;
console.log(
  `FID of 2 × ${images} images × ${columns} features: ${value.toFixed(3)} in ${((performance.now() - started) / 1000).toFixed(0)} s, peak ${peak.toFixed(0)} MB of at most 2048`,
);
if (peak > 2048) process.exitCode = 1;
