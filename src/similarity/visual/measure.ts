import type { RawImage } from '../../image/types.ts';
import type { Matrix } from '../../matrix.ts';
import type { MeasureName } from '../../measures.ts';
import { allRows } from '../rows.ts';
import { inputSize } from './input-size.ts';
import { type Planes, planesOf } from './planes.ts';
import { histogramWasserstein, wasserstein } from './wasserstein.ts';

/** A property that can be read off an image's own pixels, and the distance of two sets in it. Lower is closer. */
export interface VisualMeasure {
  name: MeasureName;
  /** Changes whenever a number of this measure can change. */
  version: string;
  /** Numbers an image is described by. */
  columns: number;
  /** @throws shape-mismatch when an image's data are not width × height × 3 */
  describe(image: RawImage): Float64Array;
  /** Distance between the images of two sets, rows × {@link columns} each. */
  distance(source: Matrix, target: Matrix): number;
  /** The same for some of the rows, at least one of each. */
  between(source: Matrix, sourceRows: Int32Array, target: Matrix, targetRows: Int32Array): number;
  /** The mean of the property over a set's images, in the measure's unit, where it is one number. */
  mean?(set: Matrix): number;
  /** Other numbers that help to read the distance between two sets. */
  details?(source: Matrix, target: Matrix): Record<string, number>;
  /** Why the measure says nothing about a set's images and what would do, or null. */
  refusal?(set: Matrix): string | null;
  /** See {@link import('../set-distance.ts').SetDistance}; ½ when it is not said. */
  nullRate?: 0.5 | 1;
  /** See {@link import('../set-distance.ts').SetDistance}. */
  biased?: boolean;
  /**
   * The standard error that a set adds even where resampling sees no variation: what the description itself may be off
   * by, or what the next image might bring. Given the number of independent groups.
   */
  standardErrorFloor?(groups: number): number;
}

/**
 * What binning and 8-bit rounding may move a W1 between histograms by, in bins. Without it two sets of grey images would
 * be told apart by the last digits of the white point.
 */
const binningError = 0.05;

/** A measure with one number an image; sets are as far apart as the distributions of their numbers (W1). */
export function scalarMeasure(
  name: MeasureName,
  version: string,
  describe: (planes: Planes) => number,
  between: (source: Float64Array, target: Float64Array) => number = wasserstein,
): VisualMeasure {
  const pick = (set: Matrix, rows: Int32Array) => Float64Array.from(rows, (row) => set.data[row]!);
  return {
    name,
    version,
    columns: 1,
    describe: (image) => Float64Array.of(describe(planesOf(image))),
    distance: (source, target) => between(Float64Array.from(source.data), Float64Array.from(target.data)),
    between: (source, sourceRows, target, targetRows) => between(pick(source, sourceRows), pick(target, targetRows)),
    mean: (set) => Float64Array.from(set.data).reduce((sum, value) => sum + value, 0) / set.rows,
  };
}

/** A measure with a histogram an image; every image has equal weight and sets are compared by pooled histograms (W1). */
export function histogramMeasure(
  name: MeasureName,
  version: string,
  bins: { lowest: number; count: number },
  describe: (planes: Planes) => Float64Array,
): VisualMeasure {
  return {
    ...pooledMeasure(name, version, bins.count, (source, target) => histogramWasserstein(source, target, 1), describe),
    standardErrorFloor: () => binningError,
    mean: (set) => pooled(set, allRows(set.rows)).reduce((sum, mass, bin) => sum + mass * (bins.lowest + bin), 0),
  };
}

/** A measure with a histogram an image, whose sets are compared by a function of their pooled histograms. */
export function pooledMeasure(
  name: MeasureName,
  version: string,
  columns: number,
  compare: (source: Float64Array, target: Float64Array) => number,
  describe: (planes: Planes) => Float64Array,
): VisualMeasure {
  const between: VisualMeasure['between'] = (source, sourceRows, target, targetRows) =>
    compare(pooled(source, sourceRows), pooled(target, targetRows));
  return {
    name,
    version,
    columns,
    describe: (image) => describe(planesOf(image)),
    distance: (source, target) => between(source, allRows(source.rows), target, allRows(target.rows)),
    between,
  };
}

/** The mean histogram of a set's rows. */
export function pooled({ data, columns }: Matrix, rows: Int32Array): Float64Array {
  const sum = new Float64Array(columns);
  for (const row of rows) for (let bin = 0, at = row * columns; bin < columns; bin++, at++) sum[bin]! += data[at]!;
  return sum.map((mass) => mass / rows.length);
}

/** The same measure on what a network sees: see {@link Planes.atInput}. */
export function atInput(measure: VisualMeasure, name: MeasureName): VisualMeasure {
  return {
    ...measure,
    name,
    version: `${measure.version}.${inputSize}`,
    describe: (image) => measure.describe(planesOf(image).atInput),
  };
}
