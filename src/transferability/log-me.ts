import { type Products, plainProducts, transposed } from '../linear-algebra/products.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { allRows, type Classes, classesOf, finiteFeatures } from './labelled.ts';
import { columnProducts, principalSubmatrix } from './products.ts';
import { labelsAt, type PreparedScore } from './score.ts';
import { spectrumOf } from './spectrum.ts';

export interface LogMe {
  /** Mean over the classes of log evidence ÷ n, in nats an image. Higher is better. */
  score: number;
  /** In the order of the class indices that occur. */
  classes: ClassEvidence[];
  /** Dimensions in which the features vary at all. */
  rank: number;
}

/** The evidence of a linear model with Gaussian weights and noise for one class's 0/1 labels. */
export interface ClassEvidence {
  label: number;
  /** Log evidence ÷ n, nats. */
  evidence: number;
  /** Precision of the weights; Infinity where the features hold no signal of the class. */
  alpha: number;
  /** Precision of the noise; Infinity where features in as many dimensions as images leave none. */
  beta: number;
}

/** Images of every class below which the evidence is mostly that of the prior. */
export const fewestForLogMe = 10;

/**
 * LogME: how probable one-hot labels are under linear models of the features, weights integrated out. You, Liu, Wang &
 * Long 2021 (ICML), equations 2 to 4: for each class the log evidence of y = F w + ε, w ~ N(0, α⁻¹), ε ~ N(0, β⁻¹), at
 * the α and β that make it greatest; the mean over classes, divided by n. Nats an image, higher is better, no bounds;
 * the same for aF as for F. Depends on the number of classes, so it compares candidates on one target only.
 *
 * Differs from known code: the determinant counts as many dimensions as the features vary in, so it is the evidence for
 * n < d too (see {@link import('./compat/log-me.ts').thumlLogMe}); the greatest evidence is looked for over all ratios
 * λ = α/β, to their limits, instead of the first fixed point that an iteration from λ = 1 meets; a class of which the
 * features know nothing has the limit α = ∞, −½ log(2π/β) − ½. Residuals are held at 10⁻¹² of the labels' sum of
 * squares, below which they would be rounding and the evidence without bound.
 * @param features n × d
 * @param labels class index of each image
 * @param options.fewest images that every class must have; default 10
 * @param options.products what multiplies matrices; loops where none is given
 * @throws shape-mismatch, measure-refused as {@link classesOf} and {@link finiteFeatures}
 */
export async function logMe(
  features: Matrix,
  labels: ArrayLike<number>,
  options: { fewest?: number; products?: Products } = {},
): Promise<LogMe> {
  const classes = classesOf('LogME', features.rows, labels, options.fewest ?? fewestForLogMe);
  const spectrum = await spectra(finiteFeatures('LogME', features, 'free'), options.products ?? plainProducts);
  const [found] = await spectrum([classes], allRows(features.rows));
  const evidence = classEvidence(found!);
  return {
    score: meanEvidence(evidence),
    classes: evidence.map((of, index) => ({ label: classes.labels[index]!, ...of })),
    rank: found!.values.length,
  };
}

/** LogME of any rows and labels of one matrix: products of its rows are taken once. */
export async function prepareLogMe(features: Matrix, products: Products): Promise<PreparedScore> {
  const spectrum = await spectra(finiteFeatures('LogME', features, 'free'), products);
  return {
    values: async (labellings, rows) => {
      const classes = labellings.map((labels) => classesOf('LogME', rows.length, labelsAt(labels, rows), 1));
      return (await spectrum(classes, rows)).map((found) => meanEvidence(classEvidence(found)));
    },
  };
}

const meanEvidence = (classes: readonly { evidence: number }[]) =>
  classes.reduce((sum, { evidence }) => sum + evidence, 0) / classes.length;

/** What the evidence of all classes needs to know of features and labels. */
export interface ClassSpectra {
  images: number;
  /** Squared singular values of the features, those that are not rounding. */
  values: Float64Array;
  /** For each class: the squared length of its labels along each left singular vector. */
  along: Float64Array[];
  /** For each class: the squared length of its labels, which is its number of images. */
  lengths: Int32Array;
}

/** One decomposition for all classes of all labellings: of the rows' products, or of the columns' where they are fewer. */
export async function spectra(
  features: Matrix,
  products: Products,
): Promise<(labellings: readonly Classes[], rows: Int32Array) => Promise<ClassSpectra[]>> {
  const { rows: n, columns: d } = features;
  const byRows = n <= d;
  const all = allRows(n);
  const whole = byRows ? await products.rows(features, features) : await columnProducts(features, all, products);
  return async (labellings, rows) => {
    const kept = rows.length === n ? whole : byRows ? principalSubmatrix(whole, rows) : await withoutRows(rows);
    const seen = byRows ? indicatorsOf(labellings, rows.length) : classSums(features, labellings, rows);
    const { values, projected } = await spectrumOf(kept, seen, products);
    const largest = values.reduce((most, value) => Math.max(most, value), 0);
    const floor = largest * Math.max(n, d) * Number.EPSILON;
    const real = allRows(values.length).filter((k) => values[k]! > floor);
    let first = 0;
    return labellings.map(({ counts }) => {
      const from = first;
      first += counts.length;
      return {
        images: rows.length,
        values: Float64Array.from(real, (k) => values[k]!),
        along: Array.from(counts, (_, c) =>
          Float64Array.from(real, (k) => {
            const product = projected.data[k * projected.columns + from + c]!;
            return byRows ? product * product : (product * product) / values[k]!;
          }),
        ),
        lengths: counts,
      };
    });
  };

  /** Products of columns over some rows: over all of them less over those that are left out. */
  async function withoutRows(rows: Int32Array): Promise<Matrix<Float64Array>> {
    const kept = new Set(rows);
    const left = all.filter((row) => !kept.has(row));
    const theirs = await columnProducts(features, left, products);
    const out = matrix(new Float64Array(d * d), d, d);
    for (let at = 0; at < out.data.length; at++) out.data[at] = whole.data[at]! - theirs.data[at]!;
    return out;
  }
}

/** A column of 0 and 1 for every class of every labelling. */
function indicatorsOf(labellings: readonly Classes[], images: number): Matrix<Float64Array> {
  const width = labellings.reduce((sum, { counts }) => sum + counts.length, 0);
  const out = matrix(new Float64Array(images * width), images, width);
  let from = 0;
  for (const { classes, counts } of labellings) {
    classes.forEach((c, image) => {
      out.data[image * width + from + c] = 1;
    });
    from += counts.length;
  }
  return out;
}

/** The sum of the features of every class of every labelling, one a column. */
function classSums({ data, columns: d }: Matrix, labellings: readonly Classes[], rows: Int32Array) {
  const width = labellings.reduce((sum, { counts }) => sum + counts.length, 0);
  const sums = new Float64Array(width * d);
  let from = 0;
  for (const { classes, counts } of labellings) {
    for (let image = 0; image < rows.length; image++) {
      const at = rows[image]! * d;
      const to = (from + classes[image]!) * d;
      for (let k = 0; k < d; k++) sums[to + k]! += data[at + k]!;
    }
    from += counts.length;
  }
  return transposed(matrix(sums, width, d));
}

/** Below this share of the labels' squared length a residual is rounding. */
const residualFloor = 1e-12;

/**
 * The greatest log evidence over λ = α/β of every class. With β at its best for a given λ, β = n/E, E = r + Σ z² λ/(s + λ),
 * it is −n/2 log(2π E/n) − n/2 + ½ Σ log λ/(s + λ): a function of one number, of which only E depends on the class.
 */
function classEvidence({ images: n, values: s, along, lengths }: ClassSpectra): Omit<ClassEvidence, 'label'>[] {
  const whole = s.length === n;
  let [least, greatest] = [Infinity, 0];
  for (const value of s) [least, greatest] = [Math.min(least, value), Math.max(greatest, value)];
  const prior = (lambda: number) => {
    let sum = 0;
    for (const value of s) sum -= Math.log1p(value / lambda);
    return sum / 2;
  };
  const evidenceAt = (error: number, determinant: number) =>
    -0.5 * n * (Math.log((2 * Math.PI * error) / n) + 1) + determinant;
  const grids = new Map<number, { lambda: number; determinant: number }[]>();
  const gridFrom = (low: number) => {
    const decades = Math.floor(Math.log10(low));
    let grid = grids.get(decades);
    if (grid === undefined) {
      const steps = Math.ceil(2 * (Math.log10(greatest * n * 1e3) - decades)) + 1;
      grid = Array.from({ length: steps }, (_, i) => 10 ** (decades + i / 2)).map((lambda) => ({
        lambda,
        determinant: prior(lambda),
      }));
      grids.set(decades, grid);
    }
    return grid;
  };
  return along.map((z, c) => {
    const length = lengths[c]!;
    let [explained, small] = [0, 0];
    z.forEach((square, k) => {
      explained += square;
      small += square / s[k]!;
    });
    const left = whole ? 0 : Math.max(length - explained, residualFloor * length);
    // α = ∞: no weights at all.
    let best = { evidence: evidenceAt(length, 0), alpha: Infinity, beta: n / length };
    if (s.length > 0 && small > 0) {
      const error = (lambda: number) => {
        let sum = left;
        for (let k = 0; k < s.length; k++) sum += (z[k]! * lambda) / (s[k]! + lambda);
        return sum;
      };
      const take = (lambda: number, determinant: number) => {
        const e = error(lambda);
        const evidence = evidenceAt(e, determinant);
        if (evidence > best.evidence) best = { evidence, alpha: (lambda * n) / e, beta: n / e };
        return evidence;
      };
      if (whole) {
        // β = ∞: as many dimensions as images leave no noise, and λ drops out.
        let evidence = -0.5 * n * (Math.log((2 * Math.PI * small) / n) + 1);
        for (const value of s) evidence -= Math.log(value) / 2;
        if (evidence > best.evidence) best = { evidence, alpha: n / small, beta: Infinity };
      }
      const low = whole ? least * 1e-6 : Math.min(least * 1e-3, (0.01 * s.length * left) / ((n - s.length) * small));
      const grid = gridFrom(Math.max(low, 1e-290));
      const found = grid.map(({ lambda, determinant }) => take(lambda, determinant));
      found.forEach((evidence, i) => {
        const [before, after] = [found[i - 1] ?? -Infinity, found[i + 1] ?? -Infinity];
        if (i === 0 || i === found.length - 1 || evidence < before || evidence < after) return;
        const lambda = stationary(grid[i - 1]!.lambda, grid[i + 1]!.lambda, (at) => slopeAt(at, s, z, left, n));
        take(lambda, prior(lambda));
      });
    }
    return { ...best, evidence: best.evidence / n };
  });
}

/** The derivative of the evidence by log λ. */
function slopeAt(lambda: number, s: Float64Array, z: Float64Array, left: number, n: number): number {
  let [error, change, shrunk] = [left, 0, 0];
  for (let k = 0; k < s.length; k++) {
    const share = lambda / (s[k]! + lambda);
    error += z[k]! * share;
    change += z[k]! * share * (1 - share);
    shrunk += 1 - share;
  }
  return 0.5 * (shrunk - (n * change) / error);
}

/** Where the slope turns from up to down, by halving on the scale of logarithms. */
function stationary(low: number, high: number, slope: (at: number) => number): number {
  for (let step = 0; step < 60; step++) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return Math.sqrt(low) * Math.sqrt(high);
}
