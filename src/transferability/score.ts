import type { Matrix } from '../matrix.ts';

/** A transferability score made ready on all images, to be taken again without some of them or with other labels. */
export interface PreparedScore {
  /**
   * The score of the given rows under each labelling.
   * @param labellings class indices of all images, present in the rows or not
   * @param rows ascending
   * @throws measure-refused where those rows have no score
   */
  values(labellings: readonly ArrayLike<number>[], rows: Int32Array): Promise<number[]>;
}

/** Features of one candidate on the target's images, with what must stay together. */
export interface ScoredImages {
  features: Matrix;
  /** The group (patient, slide, or the image itself) of each image. */
  groups: readonly string[];
  seed: number;
}

/** The labels of the given rows. */
export function labelsAt(labels: ArrayLike<number>, rows: Int32Array): Int32Array {
  return rows.map((row) => labels[row]!);
}
