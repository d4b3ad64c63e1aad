import { TransferEvidenceError } from '../errors.ts';
import { type Products, plainProducts } from '../linear-algebra/products.ts';
import { type Matrix, selectRows } from '../matrix.ts';
import { seededRandom } from '../random.ts';
import { gaussianMixture } from './gaussian-mixture.ts';
import { classesOf, finiteFeatures } from './labelled.ts';
import { expectedLikelihoods, meanOver } from './leep.ts';
import { principalComponents } from './principal-components.ts';
import { labelsAt, type PreparedScore, type ScoredImages } from './score.ts';

export interface Nleep {
  /** Mean over the seeds, nats an image, at most 0. Higher is better. */
  score: number;
  /** One a seed: how much the random start of the mixture matters. */
  perSeed: number[];
  /** Principal components that the mixture was fitted in. */
  dimensions: number;
  /** Gaussians of the mixture. */
  components: number;
}

export interface NleepOptions {
  /** Fits from different random starts; default 5. */
  seeds?: number;
  /** The first of them; default 0. */
  seed?: number;
  /** Images that every class must have; default 50. */
  fewest?: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

/** Five full covariances a class take that many. */
export const fewestForNleep = 50;

/** Random starts. */
export const seedsOfNleep = 5;

/** Gaussians for each class. */
const perClass = 5;

/** Share of the variance that the principal components hold. */
const energy = 0.8;

/**
 * NLEEP: LEEP through clusters of the features in place of a source head. Li, Wang, Hu, Liu & Long 2021 (CVPR), section
 * 3.3: principal components with 80 % of the variance, a mixture of 5 Gaussians a class with full covariances, and LEEP,
 * with its logarithm, on the posteriors. Nats an image, at most 0, higher is better. The mixture depends on its random
 * start, so five are fitted and their mean given.
 *
 * At small n a Gaussian has fewer images than dimensions: its covariance is then little more than the ridge that makes
 * it invertible (10⁻³ of the mean variance), posteriors are all but 0 and 1, and the score becomes NCE of 5 C clusters,
 * which nears 0 for any features as clusters run out of images. Below 50 images a class it is refused. Known code leaves
 * out the components (google stable_transfer) or the logarithm ({@link import('./compat/leep.ts').sfdaNleep}).
 * @param features n × d
 * @param labels class index of each image
 * @throws shape-mismatch, measure-refused as {@link classesOf} and {@link finiteFeatures}, with fewer images than
 *   Gaussians, fewer than one seed, or features that do not vary
 */
export async function nleep(features: Matrix, labels: ArrayLike<number>, options: NleepOptions = {}): Promise<Nleep> {
  const { seeds = seedsOfNleep, seed = 0, fewest = fewestForNleep, products = plainProducts } = options;
  const classes = classesOf('NLEEP', features.rows, labels, fewest);
  if (!(Number.isInteger(seeds) && seeds >= 1))
    throw new TransferEvidenceError('measure-refused', `NLEEP needs at least 1 seed; ${seeds} given.`);
  const { dimensions, components, posteriors } = await mixtures(
    features,
    { classes: classes.counts.length, seeds, seed },
    products,
  );
  const perSeed = posteriors.map((of) => meanOver(expectedLikelihoods(of, classes), Math.log));
  return { score: perSeed.reduce((sum, value) => sum + value, 0) / seeds, perSeed, dimensions, components };
}

/**
 * NLEEP of any rows and labels of one matrix, one a random start. The mixtures are fitted to all rows, which takes no
 * label: what leaving some rows out would change of them is not followed.
 */
export async function prepareNleep(
  { features, seed }: ScoredImages,
  classes: number,
  products: Products,
): Promise<PreparedScore[]> {
  const found = await mixtures(features, { classes, seeds: seedsOfNleep, seed }, products);
  return found.posteriors.map((posteriors) => ({
    values: async (labellings, rows) => {
      const kept = selectRows(posteriors, [...rows]);
      return labellings.map((labels) =>
        meanOver(expectedLikelihoods(kept, classesOf('NLEEP', rows.length, labelsAt(labels, rows), 1)), Math.log),
      );
    },
  }));
}

/** The posteriors of mixtures from several random starts. */
export async function mixtures(
  features: Matrix,
  { classes, seeds, seed }: { classes: number; seeds: number; seed: number },
  products: Products,
): Promise<{ posteriors: Matrix<Float64Array>[]; dimensions: number; components: number }> {
  const components = perClass * classes;
  if (features.rows < components)
    throw new TransferEvidenceError(
      'measure-refused',
      `NLEEP fits ${perClass} Gaussians a class, so it needs at least ${components} images of ${classes} classes; ${features.rows} found.`,
    );
  const { scores } = await principalComponents(finiteFeatures('NLEEP', features, 'free'), { energy }, products);
  return {
    posteriors: Array.from(
      { length: seeds },
      (_, index) => gaussianMixture(scores, components, seededRandom(seed + index, 'nleep')).posteriors,
    ),
    dimensions: scores.columns,
    components,
  };
}
