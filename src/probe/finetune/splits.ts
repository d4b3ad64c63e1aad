import { TransferEvidenceError } from '../../errors.ts';
import { seededRandom } from '../../random.ts';
import type { Split } from '../protocol.ts';
import { type FoldRequest, groupedStratifiedFolds } from '../splits.ts';

/** One seed's division of the images, by index, ascending; each image is in exactly one part. */
export interface SeedSplit {
  seedIndex: number;
  /** About 64 % of the images: the weights are fitted on these. */
  train: number[];
  /** About 16 %: the configuration is chosen on these. */
  validation: number[];
  /** About 20 %: looked at once, by the chosen configuration. */
  test: number[];
}

export type SeedSplitRequest = Omit<FoldRequest, 'folds' | 'repeats' | 'groupsInTrain'> & { seeds: number };

/** Parts that an outer and an inner division have. A class needs a group in each. */
const folds = 5;
/** Orders that are tried before a division is given up: groups of several classes can defeat a greedy one. */
const attempts = 20;

/**
 * Train, validation and test images of each seed. Seed s is tested on fold s mod 5 of a grouped stratified division into
 * 5, and every 5 seeds a new division is drawn, so that the first five test sets are disjoint and together hold every
 * image. One fifth of what is left, by groups and stratified as well, is for validation. No group is in two parts of a
 * seed, and every part holds every class (for multi-label: images with and without it), so that no score is undefined.
 * Fewer seeds are a prefix of more.
 * @throws measure-refused when a class has too few groups for that, or no such division was found
 * @throws shape-mismatch when labels and groups differ in number
 */
export function seedSplits({ seeds, ...request }: SeedSplitRequest): SeedSplit[] {
  refuseRareClasses(request);
  const splits: SeedSplit[] = [];
  let tested: Split[] = [];
  for (let seedIndex = 0; seedIndex < seeds; seedIndex++) {
    if (seedIndex % folds === 0) tested = division(request, 'test', seedIndex / folds);
    const { train: rest, test } = tested[seedIndex % folds]!;
    const { train, validation } = divideRest(request, rest, seedIndex);
    splits.push({ seedIndex, train, validation, test });
  }
  return splits;
}

type Request = Omit<SeedSplitRequest, 'seeds'>;

function division(request: Request, ...purpose: (string | number)[]): Split[] {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const found = foldsOf(request, ...purpose, attempt);
    if (found.every(({ train, test }) => holdsEveryClass(request, train) && holdsEveryClass(request, test)))
      return found;
  }
  return refuseDivision('test parts');
}

function divideRest(request: Request, rest: readonly number[], seedIndex: number) {
  const own = {
    ...request,
    labels: rest.map((image) => request.labels[image]!),
    groups: rest.map((image) => request.groups[image]!),
  };
  const divisible = new Set(own.groups).size >= folds;
  for (let attempt = 0; divisible && attempt < attempts; attempt++) {
    const found = foldsOf(own, 'validation', seedIndex, attempt).find(
      ({ train, test }) => holdsEveryClass(own, train) && holdsEveryClass(own, test),
    );
    if (found) {
      const [train, validation] = [found.train, found.test].map((part) => part.map((i) => rest[i]!));
      return { train: train!, validation: validation! };
    }
  }
  return refuseDivision('train and validation parts');
}

function foldsOf(request: Request, ...purpose: (string | number)[]): Split[] {
  const seed = seededRandom(request.seed, 'fine-tune splits', ...purpose).integer(2 ** 31);
  return groupedStratifiedFolds({ ...request, seed, folds, repeats: 1, groupsInTrain: 1 });
}

function holdsEveryClass({ labels, classes, multilabel }: Request, images: readonly number[]): boolean {
  for (let label = 0; label < classes; label++) {
    const having = images.filter((image) => labels[image]!.includes(label)).length;
    if (having === 0 || (multilabel && having === images.length)) return false;
  }
  return true;
}

function refuseRareClasses({ labels, groups, classes, multilabel }: Request): void {
  for (let label = 0; label < classes; label++)
    for (const side of multilabel ? ['have', 'lack'] : ['have']) {
      const of = groups.filter((_, image) => labels[image]?.includes(label) === (side === 'have'));
      const found = new Set(of).size;
      if (found < folds)
        throw new TransferEvidenceError(
          'measure-refused',
          `Fine-tuning tests each class in ${folds} parts, so every class needs at least ${folds} groups (patients, slides, or images where there are no groups) that ${side} it; class ${label} has ${found}. Add images or leave the class out.`,
        );
    }
}

function refuseDivision(parts: string): never {
  throw new TransferEvidenceError(
    'measure-refused',
    `No division of the groups was found whose ${parts} all hold every class. Add groups (patients, slides, or images where there are no groups) of the rarest classes.`,
  );
}
