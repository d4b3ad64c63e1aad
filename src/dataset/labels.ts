import { TransferEvidenceError } from '../errors.ts';
import type { Task } from '../evidence/schema.ts';
import type { Listing } from './listing.ts';
import { counted, someNames } from './names.ts';

/**
 * The task that labels describe: two classes are binary, more are multi-class, columns of 0 and 1 are multi-label.
 * @throws dataset-invalid when the declared task does not fit, and for a labelled dataset when a class cannot be learnt:
 *   a single class, a class that occurs once, a label column with one value only
 */
export function taskOf(
  listing: Listing,
  options: { asWritten: string; labelled: boolean; declared: Exclude<Task, 'unlabelled'> | undefined },
): Task {
  const { asWritten, labelled, declared } = options;
  const found = kindOf(listing);
  if (labelled) {
    if (listing.kind === 'many') checkColumns(listing, asWritten);
    else checkClasses(listing, asWritten);
  }
  if (declared !== undefined && declared !== found) throw misfit(listing, declared, found, asWritten);
  return found;
}

function kindOf({ kind, classes }: Listing): Task {
  if (kind === 'many') return 'multilabel';
  return classes.length < 2 ? 'unlabelled' : classes.length === 2 ? 'binary' : 'multiclass';
}

/** How many images carry each class. */
function classCounts({ images, classes }: Pick<Listing, 'images' | 'classes'>): number[] {
  const counts = classes.map(() => 0);
  for (const { labels } of images) for (const label of labels) counts[label]!++;
  return counts;
}

function checkClasses(listing: Listing, asWritten: string): void {
  const { classes, images } = listing;
  if (classes.length < 2)
    throw invalid(
      `Expected at least two classes in ${asWritten}; found ${classes.length === 0 ? 'none' : `only ${classes[0]}`} with ${counted(images.length, 'image')}. ` +
        'Nothing can be told apart in one class: add the others.',
    );
  const counts = classCounts(listing);
  const once = classes.filter((_, i) => counts[i] === 1);
  if (once.length > 0)
    throw invalid(
      `Expected at least two images in each class of ${asWritten}; ${counted(once.length, 'class has', 'classes have')} one: ${someNames(once)}. ` +
        'Cross-validation needs an image to learn from and one to test on: add images or remove the class.',
    );
}

function checkColumns(listing: Listing, asWritten: string): void {
  const { classes, images } = listing;
  const counts = classCounts(listing);
  const constant = classes.filter((_, i) => counts[i] === 0 || counts[i] === images.length);
  if (constant.length > 0)
    throw invalid(
      `Expected 0 and 1 in each label column of ${asWritten}; ${counted(constant.length, 'column holds', 'columns hold')} one value in all ${counted(images.length, 'row')}: ` +
        `${someNames(constant.map((name) => `${name} (${counts[classes.indexOf(name)] === 0 ? 0 : 1})`))}. Take them out of labels.`,
    );
  const once = classes.filter((_, i) => counts[i] === 1 || counts[i] === images.length - 1);
  if (once.length > 0)
    throw invalid(
      `Expected at least two images with and two without each label in ${asWritten}; for ${counted(once.length, 'column')} one side has a single image: ${someNames(once)}. ` +
        'Take them out of labels or add images.',
    );
}

function misfit({ kind, classes }: Listing, declared: Task, found: Task, asWritten: string): TransferEvidenceError {
  const what =
    kind === 'many'
      ? `${counted(classes.length, 'label column')}, which is multilabel`
      : `${counted(classes.length, 'class', 'classes')} (${someNames(classes)}), which is ${found}`;
  const expected = {
    binary: 'exactly two classes',
    multiclass: 'three classes or more',
    multilabel: 'label columns (labels, in a CSV file)',
    unlabelled: 'no labels',
  }[declared];
  return invalid(
    `The task type is ${declared}: expected ${expected} in ${asWritten}; found ${what}. Correct task.type, or leave it out.`,
  );
}

function invalid(message: string): TransferEvidenceError {
  return new TransferEvidenceError('dataset-invalid', message);
}
