import { spawnSync } from 'node:child_process';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { featureMeasures, isScore, shortName } from '../../src/command-line/feature-measures.ts';
import type { MeasureName } from '../../src/measures.ts';
import { bytesOf, npy } from '../helpers/npy.ts';

/**
 * Memory and time of `transfer-evidence measure` on feature files that are larger than it may hold: every measure in a
 * process of its own.
 * Run: node __tests__/bench/streaming-memory.ts [images a side] [features] [measure …]
 */
const most = 2048;
const chunkRows = 2000;
const classes = 4;
/** What each process says last. */
const peakAtExit = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';

/** Measures of a source head's probabilities. */
const ofHead: ReadonlySet<MeasureName> = new Set(['transferability.leep', 'transferability.nce']);

const [images = 100_000, columns = 1280] = process.argv.slice(2, 4).map(Number);
const wanted = process.argv.slice(4);
const folder = await mkdtemp(join(tmpdir(), 'streaming-memory-'));
try {
  await write('source.npy', 1, 0);
  await write('target.npy', 2, 0.1);
  const labels = Int32Array.from({ length: images }, (_, image) => image % classes);
  await save('labels.npy', '<i4', `(${images},)`, (file) => file.write(bytesOf(labels)));
  await writeHead('head.npy');
  for (const measure of featureMeasures) {
    if (wanted.length > 0 && !wanted.includes(shortName(measure))) continue;
    const given = isScore(measure) ? ['--labels', 'labels.npy'] : ['--source', 'source.npy'];
    const target = ofHead.has(measure) ? 'head.npy' : 'target.npy';
    const started = performance.now();
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(peakAtExit)}`,
        join(import.meta.dirname, '../../src/cli.ts'),
        ...['measure', shortName(measure), '--target', target, ...given],
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    const peak = Number(stderr.trim().split('\n').at(-1)) / 1024;
    const seconds = (performance.now() - started) / 1000;
    const lines = stdout.trim().split('\n');
    console.log(
      `${shortName(measure)}: ${status === 0 ? `${lines[0]};${lines.at(-1)}` : stderr.trim()}; ${seconds.toFixed(0)} s, peak ${peak.toFixed(0)} MB of at most ${most}`,
    );
    if (status !== 0 || !(peak <= most)) process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true });
}

/** Rectified, correlated and cheap to make: what matters here is their number. Every class is a little off in one feature. */
async function write(name: string, seed: number, shift: number): Promise<void> {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  await save(name, '<f4', `(${images}, ${columns})`, async (file) => {
    for (let done = 0; done < images; done += chunkRows) {
      const rows = Math.min(chunkRows, images - done);
      const data = new Float32Array(rows * columns);
      for (let row = 0, at = 0; row < rows; row++) {
        const common = next();
        for (let column = 0; column < columns; column++, at++)
          data[at] = Math.max(0, common + next() + shift + Number(column === (done + row) % classes));
      }
      await file.write(bytesOf(data));
    }
  });
}

/** Probabilities of as many source classes as there are features; each image's own class is a little more probable. */
async function writeHead(name: string): Promise<void> {
  await save(name, '<f4', `(${images}, ${columns})`, async (file) => {
    for (let done = 0; done < images; done += chunkRows) {
      const rows = Math.min(chunkRows, images - done);
      const data = new Float32Array(rows * columns).fill(1 / (columns + 1));
      for (let row = 0; row < rows; row++) data[row * columns + ((done + row) % classes)]! *= 2;
      await file.write(bytesOf(data));
    }
  });
}

async function save(name: string, descr: string, shape: string, body: (file: FileHandle) => Promise<unknown>) {
  const file = await open(join(folder, name), 'w');
  await file.write(npy(descr, shape, new Uint8Array(0)));
  await body(file);
  await file.close();
}
