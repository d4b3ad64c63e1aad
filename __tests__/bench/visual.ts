import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageRecord } from '../../src/dataset/types.ts';
import { describeImages } from '../../src/encoder/describe.ts';
import { loadEncoder } from '../../src/encoder/encoder.ts';
import { decode } from '../../src/image/decode.ts';
import { triangleResize } from '../../src/image/triangle.ts';
import type { RawImage } from '../../src/image/types.ts';
import { preprocessing } from '../../src/manifest/schema.ts';
import { loadNatives, type Natives } from '../../src/runtime/natives.ts';
import { visualAxes } from '../../src/similarity/visual/axes.ts';
import { describeVisually, visualMeasureOf } from '../../src/similarity/visual/index.ts';
import { PlaneMemory } from '../../src/similarity/visual/plane-memory.ts';
import { Planes } from '../../src/similarity/visual/planes.ts';

/**
 * Milliseconds an image that the visual measures take, by what they are about, on native pixels and at the network's
 * input size; and images a second of embedding with and without them.
 * Run: node __tests__/bench/visual.ts [rounds] [images a set]
 */
const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const sets = ['cifar10', 'clothing', 'lc25000_lung', 'mednist', 'nih_cxr'];

/** Short side that one set is enlarged to, as large as radiographs are often shared. */
const large = 1024;

interface Step {
  name: string;
  run: (planes: Planes) => unknown;
}

/** What several measures read comes first, so that no measure pays for another's planes, as far as they can be apart. */
const steps: Step[] = [
  { name: 'luma and grey levels', run: (planes) => planes.grey },
  ...axisSteps('', (name) => !name.endsWith('_at_input')),
  { name: 'resizing to the input size', run: (planes) => planes.atInput },
  { name: 'luma and grey levels, at input', run: (planes) => planes.atInput.grey },
  ...axisSteps(', at input', (name) => name.endsWith('_at_input')),
];

function axisSteps(suffix: string, wanted: (name: string) => boolean): Step[] {
  return visualAxes.flatMap(({ axis, measures }) => {
    const chosen = measures.filter(wanted).map(visualMeasureOf);
    const run = (planes: Planes) => chosen.map((measure) => measure.describe(planes));
    return chosen.length === 0 ? [] : [{ name: `${axis}${suffix}`, run }];
  });
}

/** Mean over the images of each one's median over the rounds, for each step, and for a description as it is made, last. */
function timeSteps(images: readonly RawImage[], rounds: number): number[] {
  const memory = new PlaneMemory();
  const laps = images.map(() => [...steps, null].map((): number[] => []));
  // The first round is the compiler's.
  for (let round = 0; round <= rounds; round++)
    for (const [at, image] of images.entries()) {
      const planes = new Planes(image, memory);
      const spent = [
        ...steps.map(({ run }) => timed(() => run(planes))),
        timed(() => describeVisually(new Planes(image, memory))),
      ];
      if (round > 0) spent.forEach((time, step) => void laps[at]![step]!.push(time));
    }
  return [...steps, null].map((_, step) => mean(laps.map((lap) => median(lap[step]!))));
}

function timed(run: () => unknown): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

async function imagesOf(set: string, count: number, natives: Natives): Promise<RawImage[]> {
  const files = recordsIn(set).map(({ file }) => file);
  const every = Math.max(1, Math.floor(files.length / count));
  return Promise.all(files.filter((_, at) => at % every === 0).map((file) => decode(natives.sharp!, file)));
}

function enlarged(image: RawImage): RawImage {
  const factor = large / Math.min(image.width, image.height);
  return triangleResize(image, Math.round(image.width * factor), Math.round(image.height * factor));
}

/** Images a second from files to rows, without and with the visual ones, in turns. */
async function benchBeside(natives: Natives, rounds: number): Promise<void> {
  const file = join(data, 'models', 'mobilenetv2_100_imagenet.onnx');
  if (!existsSync(file)) return console.log(`no ${file}`);
  const halves = [0.501961, 0.501961, 0.501961];
  const encoder = await loadEncoder({
    id: 'mobilenetv2',
    file,
    preprocessing: preprocessing.parse({ mean: halves, std: halves }),
  });
  const images = recordsIn('clothing');
  const rate = async (visual: boolean) => {
    const started = performance.now();
    await describeImages(images, { encoders: [encoder], visual, device: 'cpu', natives: natives.from });
    return (1000 * images.length) / (performance.now() - started);
  };
  const turns: [without: number, beside: number][] = [];
  for (let round = 0; round < rounds; round++) turns.push([await rate(false), await rate(true)]);
  const without = median(turns.map(([one]) => one));
  const beside = median(turns.map(([, one]) => one));
  const ratio = median(turns.map(([one, other]) => other / one));
  console.log(
    `\nembedding ${images.length} images with mobilenetv2: ${without.toFixed(0)} images/s, ` +
      `beside the visual measures ${beside.toFixed(0)} images/s, ratio ${ratio.toFixed(2)}`,
  );
}

function recordsIn(set: string): ImageRecord[] {
  const folder = join(data, 'datasets', set);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(png|jpe?g)$/i.test(name))
    .sort()
    .map((id) => ({ id, file: join(folder, id), labels: [], group: id }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

async function bench(rounds: number, count: number): Promise<void> {
  if (!existsSync(join(data, 'datasets'))) return console.log('The shared images are not here.');
  const natives = await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: console.error });
  const columns: { name: string; times: number[] }[] = [];
  for (const set of sets) columns.push({ name: set, times: timeSteps(await imagesOf(set, count, natives), rounds) });
  const few = (await imagesOf('clothing', Math.ceil(count / 5), natives)).map(enlarged);
  columns.push({ name: `${large} px`, times: timeSteps(few, rounds) });

  const row = (name: string, cells: string[]) => name.padEnd(40) + cells.map((cell) => cell.padStart(13)).join('');
  console.log(
    row(
      'ms an image',
      columns.map(({ name }) => name),
    ),
  );
  for (const [at, { name }] of [...steps, { name: 'a description as it is made' }].entries())
    console.log(
      row(
        name,
        columns.map(({ times }) => times[at]!.toFixed(3)),
      ),
    );
  await benchBeside(natives, rounds);
}

if (import.meta.main) await bench(Number(process.argv[2] ?? 7), Number(process.argv[3] ?? 40));
