import { TransferEvidenceError } from '../errors.ts';
import type { Matrix } from '../matrix.ts';
import { tQuantile } from '../statistics/estimate.ts';

/** Names with their embeddings, a row of length 1 for each. */
export interface EmbeddedNames {
  names: readonly string[];
  rows: Matrix<Float64Array>;
}

/** A name of the target beside the source's name that is nearest to it, and what unrelated names reach. */
export interface NearestName {
  target: string;
  source: string;
  /** Of the two, −1 … 1; higher is nearer. */
  cosine: number;
  /** Cosines of the target's name with the unrelated ones: their mean and standard deviation, and the highest with its name. */
  unrelated: { mean: number; standardDeviation: number; highest: number; word: string };
  /** What the cosine has to exceed before it says anything. */
  bar: number;
  standsOut: boolean;
}

/** Fewer unrelated names do not show how far they reach. */
const leastUnrelated = 30;

/** The chance that any name of the target stands out where no name of the source has to do with it. */
const level = 0.05;

/** float32 networks round: one name twice may differ by this much. */
const rounding = 1e-6;

/**
 * For each name of the target the source's nearest by cosine, the first of several. The nearest of m names is the highest
 * of m cosines, and grows with m and with the network's habit of finding all names alike; so it is read against the same
 * name's cosines with k unrelated names. The bar is the higher of two: the highest of these k, and the upper prediction
 * limit for m further ones, mean + t(1 − level / (m · names of the target); k − 1) · s · √(1 + 1/k) (Hahn 1969, with
 * Bonferroni's inequality), which takes their tail for a normal one. To stand out is to be nearer than unrelated names, no
 * more: opposites, and all words of one field, are near each other too.
 * @throws measure-refused without names, or with fewer than 30 unrelated ones; shape-mismatch when rows and names differ
 */
export function nearestNames(target: EmbeddedNames, source: EmbeddedNames, unrelated: EmbeddedNames): NearestName[] {
  for (const { names, rows } of [target, source, unrelated])
    if (names.length !== rows.rows || rows.columns !== target.rows.columns)
      throw new TransferEvidenceError(
        'shape-mismatch',
        `${names.length} names need as many rows of ${target.rows.columns} numbers; ${rows.rows} × ${rows.columns} were given.`,
      );
  const k = unrelated.names.length;
  if (target.names.length === 0 || source.names.length === 0 || k < leastUnrelated)
    throw new TransferEvidenceError(
      'measure-refused',
      `Nearest names need a name on either side and ${leastUnrelated} unrelated ones; there are ${target.names.length}, ${source.names.length} and ${k}.`,
    );
  const comparisons = target.names.length * source.names.length;
  const t = tQuantile(1 - level / comparisons, k - 1);
  return target.names.map((name, row): NearestName => {
    const nearest = highest(cosines(target.rows, row, source.rows));
    const others = cosines(target.rows, row, unrelated.rows);
    const mean = others.reduce((sum, value) => sum + value, 0) / k;
    const variance = others.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (k - 1);
    const standardDeviation = Math.sqrt(variance);
    const reached = highest(others);
    const bar = Math.max(reached.value, mean + t * standardDeviation * Math.sqrt(1 + 1 / k));
    return {
      target: name,
      source: source.names[nearest.at]!,
      cosine: nearest.value,
      unrelated: { mean, standardDeviation, highest: reached.value, word: unrelated.names[reached.at]! },
      bar,
      standsOut: nearest.value > bar + rounding,
    };
  });
}

function cosines(one: Matrix<Float64Array>, row: number, others: Matrix<Float64Array>): Float64Array {
  const { columns } = one;
  return Float64Array.from({ length: others.rows }, (_, other) => {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += one.data[row * columns + i]! * others.data[other * columns + i]!;
    return Math.max(-1, Math.min(1, sum));
  });
}

function highest(values: Float64Array): { value: number; at: number } {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[at]!) at = i;
  return { value: values[at]!, at };
}
