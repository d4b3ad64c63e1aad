import { TransferEvidenceError } from '../../errors.ts';
import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { spearman } from '../../statistics/spearman.ts';
import { allRows, type Classes, classesOf, finiteFeatures } from '../labelled.ts';
import { correlations, fewestForParc, standardised } from '../parc.ts';
import { principalComponents } from '../principal-components.ts';

/**
 * PARC as `methods.py` of dbolya/parc computes it. Two things are wrong. Label distances are 1 − the correlation of one-hot
 * rows, whose rounding sets equal ones apart by a last bit, and Spearman then ranks that noise (at 7 classes and 500
 * images 14.9 was printed for 21.7; exact for 2 and 4 classes); how far it is off depends on the order in which a machine
 * adds up. And features are first brought to 32 principal components, whose signs are arbitrary and change the rows'
 * correlations; here each is signed so that its largest image score is positive, as scikit-learn did before 1.5. For
 * comparison with published numbers only.
 * @param options.components principal components; default 32, 0 for the features themselves
 * @param options.labelTies `exact` for principal components alone, without the first defect; default `rounded`
 * @param options.products what multiplies matrices; loops where none is given
 * @throws as {@link import('../parc.ts').parc}
 */
export async function dbolyaParc(
  features: Matrix,
  labels: ArrayLike<number>,
  options: { components?: number; labelTies?: 'rounded' | 'exact'; fewest?: number; products?: Products } = {},
): Promise<number> {
  const { components = 32, labelTies = 'rounded', fewest = fewestForParc, products = plainProducts } = options;
  const classes = classesOf('PARC', features.rows, labels, fewest);
  const known = finiteFeatures('PARC', features, 'free');
  const used =
    components === 0 ? known : signed((await principalComponents(known, { count: components }, products)).scores);
  const n = features.rows;
  const ofFeatures = lowerTriangle((await correlations(standardised(used), products)).data, n);
  const ofLabels = lowerTriangle(oneHotCorrelations(classes), n);
  const correlation = spearman(
    ofFeatures,
    labelTies === 'exact' ? ofLabels.map((distance) => (distance > 0.5 ? 1 : 0)) : ofLabels,
  );
  if (correlation === null)
    throw new TransferEvidenceError(
      'measure-refused',
      'PARC needs pairs of images that differ in features, and pairs of one class and of two; one kind is missing.',
    );
  return 100 * correlation;
}

/** 1 − each correlation below the diagonal. */
function lowerTriangle(data: Float64Array, n: number): number[] {
  const out: number[] = [];
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) out.push(1 - data[i * n + j]!);
  return out;
}

/** Correlations of one-hot rows by sums of products divided by both roots in turn, rounding and all. */
function oneHotCorrelations({ classes, counts }: Classes): Float64Array {
  const [n, width] = [classes.length, counts.length];
  const mean = 1 / width;
  const covariance = (a: number, b: number) => {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += ((a === c ? 1 : 0) - mean) * ((b === c ? 1 : 0) - mean);
    return sum / (width - 1);
  };
  const deviations = Array.from(counts, (_, c) => Math.sqrt(covariance(c, c)));
  const table = Array.from({ length: width * width }, (_, at) => {
    const [a, b] = [Math.floor(at / width), at % width];
    return covariance(a, b) / deviations[a]! / deviations[b]!;
  });
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * n + j] = table[classes[i]! * width + classes[j]!]!;
  return out;
}

function signed({ data, rows, columns }: Matrix<Float64Array>): Matrix<Float64Array> {
  const out = matrix(Float64Array.from(data), rows, columns);
  for (const p of allRows(columns)) {
    let most = 0;
    for (let i = 0; i < rows; i++) if (Math.abs(data[i * columns + p]!) > Math.abs(most)) most = data[i * columns + p]!;
    if (most < 0) for (let i = 0; i < rows; i++) out.data[i * columns + p] = -data[i * columns + p]!;
  }
  return out;
}
