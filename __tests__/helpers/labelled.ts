import fc from 'fast-check';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { type Random, seededRandom } from '../../src/random.ts';

export interface LabelledSet {
  features: Matrix<Float64Array>;
  labels: number[];
}

/** Normal features of classes whose means lie `apart` from each other in the first dimensions. */
export function labelledSet(options: {
  perClass: number;
  classes: number;
  columns: number;
  apart?: number;
  seed?: number;
}): LabelledSet {
  const { perClass, classes, columns, apart = 2, seed = 0 } = options;
  const random = seededRandom(seed, 'labelled-set');
  const labels = Array.from({ length: perClass * classes }, (_, i) => i % classes);
  const data = Float64Array.from(
    { length: labels.length * columns },
    (_, at) => random.normal() + (at % columns === labels[Math.floor(at / columns)]! ? apart : 0),
  );
  return { features: matrix(data, labels.length, columns), labels };
}

/** Softmax of each row: what a source head would say whose logits these are. */
export function softmaxRows({ data, rows, columns }: Matrix): Matrix<Float64Array> {
  const out = Float64Array.from(data, Math.exp);
  for (let row = 0; row < rows; row++) {
    const own = out.subarray(row * columns, (row + 1) * columns);
    const sum = own.reduce((total, value) => total + value, 0);
    for (let z = 0; z < columns; z++) own[z]! /= sum;
  }
  return matrix(out, rows, columns);
}

/** How many random inputs a measure gets: 10,000 with FUZZ=full. */
export const fuzzRuns = process.env.FUZZ === 'full' ? 10_000 : 200;

/** Sets as no network gives them: empty, constant, doubled, with numbers that are none or beyond all measure. */
export const strangeSet: fc.Arbitrary<LabelledSet & { groups: string[]; seed: number }> = fc
  .record({
    n: fc.integer({ min: 0, max: 40 }),
    d: fc.integer({ min: 0, max: 12 }),
    classes: fc.integer({ min: 1, max: 5 }),
    kind: fc.constantFrom(
      'plain',
      'constant',
      'doubled',
      'broken',
      'huge',
      'tiny',
      'mixed',
      'integers',
      'solved',
      'zero',
    ),
    groups: fc.integer({ min: 1, max: 50 }),
    seed: fc.integer({ min: 0, max: 1e9 }),
  })
  .map(({ n, d, classes, kind, groups, seed }) => {
    const random = seededRandom(seed, 'strange-set');
    // Classes come in any numbers, some of them without an image.
    const labels = Array.from({ length: n }, () => 2 * random.integer(classes));
    const features = matrix(
      Float64Array.from({ length: n * d }, () => random.normal()),
      n,
      d,
    );
    disturb(features, labels, kind, random);
    return { features, labels, groups: labels.map(() => `g${random.integer(groups)}`), seed };
  });

function disturb(
  { data, rows, columns }: Matrix<Float64Array>,
  labels: readonly number[],
  kind: string,
  random: Random,
) {
  const each = (change: (value: number, row: number, column: number) => number) => {
    for (let at = 0; at < data.length; at++) data[at] = change(data[at]!, Math.floor(at / columns), at % columns);
  };
  const strange = [Number.NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, 0];
  switch (kind) {
    case 'constant':
      return each((value, _, column) => (column % 2 === 0 ? 3 : value));
    case 'doubled':
      return each((value, row, column) => (row % 2 === 1 ? data[(row - 1) * columns + column]! : value));
    case 'broken':
      if (rows * columns > 0) data[random.integer(data.length)] = strange[random.integer(strange.length)]!;
      return;
    case 'huge':
      return each((value) => value * 1e300);
    case 'tiny':
      return each((value) => value * 1e-300);
    case 'mixed':
      return each((value, _, column) => value * 10 ** (((column * 37) % 60) - 30));
    case 'integers':
      return each((value) => Math.round(value));
    case 'solved':
      return each((_, row, column) => (labels[row] === column ? 1 : 0));
    case 'zero':
      return each(() => 0);
  }
}
