import { TransferEvidenceError } from '../../errors.ts';
import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import { allRows, classesOf, finiteFeatures } from '../labelled.ts';
import { type ClassSpectra, fewestForLogMe, spectra } from '../log-me.ts';

export interface LogMeOptions {
  /** Images that every class must have; default 10. */
  fewest?: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

/**
 * What `LogME.py` of thuml/LogME prints by default (`_fit_fixed_point`), and the copies of it in other repositories. Wrong
 * for n < d: it takes d/2 log α for all d dimensions but log |A| for the rank alone, which adds (d − k)/2n log α to the
 * evidence, so that more dimensions look better: on pure noise, n = 200, 4.2 at d = 512 and 36.7 at 2,048, where the
 * evidence is −1.1. For comparison with published numbers only; {@link import('../log-me.ts').logMe} is the evidence.
 * @throws as {@link import('../log-me.ts').logMe}; measure-refused too where the known code's result is not finite
 */
export async function thumlLogMe(
  features: Matrix,
  labels: ArrayLike<number>,
  options: LogMeOptions = {},
): Promise<number> {
  const found = await spectraOf(features, labels, options);
  const smaller = 1e-5;
  const evidences = found.along.map((z, c) => {
    const n = found.images;
    const left = Math.max(0, found.lengths[c]! - total(z));
    let [alpha, beta, lambda] = [1, 1, 1];
    let [error, size] = [0, 0];
    for (let step = 0; step < 11; step++) {
      const sums = at(found.values, z, lambda);
      [error, size] = [sums.error + left, sums.size];
      alpha = sums.gamma / (size + smaller);
      beta = (n - sums.gamma) / (error + smaller);
      const next = alpha / beta;
      const settled = Math.abs(next - lambda) / lambda <= 1e-3;
      lambda = next;
      if (settled) break;
    }
    let evidence =
      (features.columns / 2) * Math.log(alpha) + (n / 2) * Math.log(beta) - (n / 2) * Math.log(2 * Math.PI);
    evidence -= (beta / 2) * error + (alpha / 2) * size;
    for (const value of found.values) evidence -= Math.log(alpha + beta * value) / 2;
    return evidence / n;
  });
  return finite(total(evidences) / evidences.length);
}

/**
 * What TLlib's `ranking/logme.py` prints: the evidence, but after at most 11 steps or once λ moves by less than 1 %, so
 * right to about 10⁻³ where a class has little signal and λ creeps.
 * @throws as {@link import('../log-me.ts').logMe}; measure-refused too where the known code's result is not finite
 */
export async function tllibLogMe(
  features: Matrix,
  labels: ArrayLike<number>,
  options: LogMeOptions = {},
): Promise<number> {
  const found = await spectraOf(features, labels, options);
  const { images: n, values } = found;
  const evidences = found.along.map((z, c) => {
    const left = Math.max(0, found.lengths[c]! - total(z));
    let [alpha, beta, lambda] = [1, 1, 1];
    let [error, size] = [0, 0];
    for (let step = 0; step < 11; step++) {
      const sums = at(values, z, lambda);
      [error, size] = [sums.error + left, sums.size];
      alpha = sums.gamma / size;
      beta = (n - sums.gamma) / error;
      const settled = Math.abs(alpha / beta - lambda) / lambda < 0.01;
      lambda = alpha / beta;
      if (settled) break;
    }
    let evidence = (values.length / 2) * Math.log(alpha) + (n / 2) * Math.log(beta) - (n / 2) * Math.log(2 * Math.PI);
    evidence -= (beta / 2) * error + (alpha / 2) * size;
    for (const value of values) evidence -= Math.log(alpha + beta * value) / 2;
    return evidence / n;
  });
  return finite(total(evidences) / evidences.length);
}

async function spectraOf(
  features: Matrix,
  labels: ArrayLike<number>,
  { fewest = fewestForLogMe, products = plainProducts }: LogMeOptions,
): Promise<ClassSpectra> {
  const classes = classesOf('LogME', features.rows, labels, fewest);
  const spectrum = await spectra(finiteFeatures('LogME', features, 'free'), products);
  return (await spectrum([classes], allRows(features.rows)))[0]!;
}

/** Of one λ: effective dimensions, squared error within the features' span, squared length of the weights. */
function at(values: Float64Array, z: Float64Array, lambda: number): { gamma: number; error: number; size: number } {
  let [gamma, error, size] = [0, 0, 0];
  values.forEach((value, k) => {
    gamma += value / (value + lambda);
    error += (z[k]! * lambda * lambda) / (value + lambda) ** 2;
    size += (z[k]! * value) / (value + lambda) ** 2;
  });
  return { gamma, error, size };
}

function total(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0);
}

/** Known code divides by 0 where features hold nothing of a class or give it exactly. */
function finite(score: number): number {
  if (!Number.isFinite(score))
    throw new TransferEvidenceError(
      'measure-refused',
      `The known code's LogME of these features is ${score}: it needs a class that they neither know nothing of nor give exactly. LogME itself has a value there.`,
    );
  return score;
}
