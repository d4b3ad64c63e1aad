import { TransferEvidenceError } from '../../errors.ts';
import type { Products } from '../../linear-algebra/products.ts';
import { singularValues } from '../../linear-algebra/singular-values.ts';
import type { Moments } from './moments.ts';

/** The two terms of the Fréchet distance between Gaussians; their sum is the distance. */
export interface FrechetTerms {
  /** |μ1 − μ2|². */
  mean: number;
  /** tr Σ1 + tr Σ2 − 2 tr (Σ1 Σ2)^½. */
  trace: number;
}

/**
 * The squared Fréchet (Wasserstein-2) distance of two Gaussians, |μ1 − μ2|² + tr(Σ1 + Σ2 − 2(Σ1 Σ2)^½), in feature².
 * Dowson & Landau 1982, equation 4. With factors F of the covariances, Σ = Fᵀ F, the last trace is the nuclear norm (the
 * sum of the singular values) of F1 F2ᵀ, because the eigenvalues of Σ1 Σ2 are their squares. F is the centred rows of a
 * sample smaller than the dimension, and Cholesky's factor of the covariance of a larger one, so the matrix is never larger
 * than the smaller of the two. Other than the eigenvalues of Σ1 Σ2 or the root that sqrtm takes of it, singular values keep
 * the digits of small ones when covariances are singular.
 * @throws shape-mismatch when the two differ in dimension
 */
export async function frechetTerms(a: Moments, b: Moments, products: Products): Promise<FrechetTerms> {
  if (a.mean.length !== b.mean.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Two sets in one embedding need equal columns; ${a.mean.length} and ${b.mean.length} were given.`,
    );
  let mean = 0;
  for (let k = 0; k < a.mean.length; k++) mean += (a.mean[k]! - b.mean[k]!) ** 2;
  const values = await singularValues(await products.rows(a.factor, b.factor), products);
  const overlap = values.reduce((sum, value) => sum + value, 0);
  return { mean, trace: a.variance + b.variance - 2 * overlap };
}
