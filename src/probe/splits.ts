import { TransferEvidenceError } from '../errors.ts';
import { type Random, seededRandom } from '../random.ts';
import type { Split } from './protocol.ts';

export interface FoldRequest {
  /** Class indices of each image: one, or any number for multi-label. */
  labels: readonly (readonly number[])[];
  groups: readonly string[];
  classes: number;
  folds: number;
  repeats: number;
  seed: number;
  multilabel: boolean;
  /**
   * Groups of each class that every train fold must hold. Default 2, so that the train fold can itself be divided to
   * choose a configuration.
   */
  groupsInTrain?: number;
}

interface Group {
  images: number[];
  /** Images of each class. */
  counts: Float64Array;
}

/**
 * Repeated stratified grouped k-fold. No group is on both sides of a split, every image is tested once a repeat, and
 * classes are spread over the folds as evenly as whole groups permit.
 *
 * One class an image: groups in random order, those that bend the class balance most first, each to the fold where the
 * spread of class shares over folds stays smallest. Multi-label: iterative stratification (Sechidis, Tsoumakas &
 * Vlahavas 2011, algorithm 1) over groups: the rarest label left goes first, to the fold that wants most of it.
 *
 * @throws measure-refused when some class has too few groups for every train fold to hold it
 * @throws shape-mismatch when labels and groups differ in number
 */
export function groupedStratifiedFolds(request: FoldRequest): Split[] {
  const { labels, groups, classes, folds, repeats, seed, groupsInTrain = 2 } = request;
  if (labels.length !== groups.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Every image needs a group: ${labels.length} images, ${groups.length} groups were given.`,
    );
  const gathered = gather(request);
  refuseRareClasses(request, gathered);
  const splits: Split[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const assignment = assign(request, gathered, seed, repeat);
    for (let fold = 0; fold < folds; fold++) {
      const test = gathered.flatMap(({ images }, g) => (assignment[g] === fold ? images : [])).sort((a, b) => a - b);
      const held = new Set(test);
      splits.push({ repeat, fold, train: labels.map((_, image) => image).filter((image) => !held.has(image)), test });
    }
  }
  return splits;

  /** The first random order whose train folds all hold every class: groups of several classes can defeat a greedy one. */
  function assign({ multilabel }: FoldRequest, items: Group[], from: number, repeat: number): Int32Array {
    for (let attempt = 0; attempt < 20; attempt++) {
      const random = seededRandom(from, 'folds', repeat, attempt);
      const assignment = multilabel
        ? iterativeStratification(items, classes, folds, random)
        : evenShares(items, classes, folds, random);
      if (trainsHoldEveryClass(assignment, items, request, groupsInTrain)) return assignment;
    }
    throw new TransferEvidenceError(
      'measure-refused',
      `No division into ${folds} folds was found whose train folds all hold ${groupsInTrain} groups of every class. Add groups (patients, slides, or images where there are no groups) of the rarest classes.`,
    );
  }
}

function gather({ labels, groups, classes }: FoldRequest): Group[] {
  const byName = new Map<string, Group>();
  groups.forEach((name, image) => {
    let group = byName.get(name);
    if (!group) {
      group = { images: [], counts: new Float64Array(classes) };
      byName.set(name, group);
    }
    group.images.push(image);
    for (const label of labels[image]!) {
      if (!(Number.isInteger(label) && label >= 0 && label < classes))
        throw new TransferEvidenceError(
          'shape-mismatch',
          `Labels are class indices from 0 to ${classes - 1}; image ${image} has ${label}.`,
        );
      group.counts[label] = group.counts[label]! + 1;
    }
  });
  return [...byName.values()];
}

/** For multi-label a label must be absent somewhere as well as present. */
function sides(group: Group, label: number, multilabel: boolean): [present: boolean, absent: boolean] {
  const count = group.counts[label]!;
  return [count > 0, !multilabel || count < group.images.length];
}

function refuseRareClasses({ classes, folds, multilabel, groupsInTrain = 2 }: FoldRequest, groups: Group[]): void {
  const needed = groupsInTrain + 1;
  if (groups.length < folds)
    throw new TransferEvidenceError(
      'measure-refused',
      `${folds} folds need at least ${folds} groups; the target has ${groups.length}.`,
    );
  for (let label = 0; label < classes; label++) {
    const found = [0, 1].map((side) => groups.filter((group) => sides(group, label, multilabel)[side]).length);
    const few = Math.min(found[0]!, found[1]!);
    if (few < needed)
      throw new TransferEvidenceError(
        'measure-refused',
        `Every class needs at least ${needed} groups (patients, slides, or images where there are no groups) that ${found[0]! < needed ? 'have' : 'lack'} it; class ${label} has ${few}. Add images or leave the class out.`,
      );
  }
}

function trainsHoldEveryClass(assignment: Int32Array, groups: Group[], request: FoldRequest, needed: number): boolean {
  const { classes, folds, multilabel } = request;
  for (let fold = 0; fold < folds; fold++)
    for (let label = 0; label < classes; label++) {
      const held = [0, 0];
      groups.forEach((group, g) => {
        if (assignment[g] === fold) return;
        const [present, absent] = sides(group, label, multilabel);
        held[0]! += Number(present);
        held[1]! += Number(absent);
      });
      if (Math.min(held[0]!, held[1]!) < needed) return false;
    }
  return true;
}

function evenShares(groups: Group[], classes: number, folds: number, random: Random): Int32Array {
  const totals = new Float64Array(classes);
  for (const { counts } of groups) for (let c = 0; c < classes; c++) totals[c] = totals[c]! + counts[c]!;
  const order = random
    .shuffled(groups.map((_, g) => g))
    .map((g) => ({ g, weight: deviation(groups[g]!.counts) }))
    .sort((a, b) => b.weight - a.weight);
  const shares = Array.from({ length: classes }, () => new Float64Array(folds));
  const sizes = new Float64Array(folds);
  const assignment = new Int32Array(groups.length);
  for (const { g } of order) {
    const { counts, images } = groups[g]!;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let fold = 0; fold < folds; fold++) {
      let spread = 0;
      for (let c = 0; c < classes; c++) {
        const row = shares[c]!;
        const before = row[fold]!;
        if (totals[c]! > 0) row[fold] = before + counts[c]! / totals[c]!;
        spread += deviation(row);
        row[fold] = before;
      }
      // Rounding makes equal spreads differ in the last digits; ties go to the smaller fold.
      if (spread < least - 1e-12 || (spread < least + 1e-12 && sizes[fold]! < sizes[best]!)) {
        best = fold;
        least = spread;
      }
    }
    assignment[g] = best;
    sizes[best] = sizes[best]! + images.length;
    for (let c = 0; c < classes; c++)
      if (totals[c]! > 0) shares[c]![best] = shares[c]![best]! + counts[c]! / totals[c]!;
  }
  return assignment;
}

function deviation(values: Float64Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  const mean = sum / values.length;
  let squares = 0;
  for (const x of values) squares += (x - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

function iterativeStratification(groups: Group[], classes: number, folds: number, random: Random): Int32Array {
  const images = groups.reduce((sum, group) => sum + group.images.length, 0);
  const wanted = new Float64Array(folds).fill(images / folds);
  const wantedOf = Array.from({ length: classes }, (_, c) =>
    new Float64Array(folds).fill(groups.reduce((sum, { counts }) => sum + counts[c]!, 0) / folds),
  );
  const assignment = new Int32Array(groups.length).fill(-1);
  const left = new Set(random.shuffled(groups.map((_, g) => g)));
  const place = (g: number, preferred: readonly Float64Array[]) => {
    const { counts, images: members } = groups[g]!;
    let fold = 0;
    for (let other = 1; other < folds; other++) {
      const deciding = preferred.find((wants) => Math.abs(wants[other]! - wants[fold]!) > 1e-9);
      if (deciding && deciding[other]! > deciding[fold]!) fold = other;
    }
    assignment[g] = fold;
    left.delete(g);
    wanted[fold] = wanted[fold]! - members.length;
    for (let c = 0; c < classes; c++) wantedOf[c]![fold] = wantedOf[c]![fold]! - counts[c]!;
  };
  for (;;) {
    let rarest = -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      let count = 0;
      for (const g of left) count += groups[g]!.counts[c]!;
      if (count > 0 && count < fewest) {
        rarest = c;
        fewest = count;
      }
    }
    if (rarest < 0) break;
    const bearers = [...left].filter((g) => groups[g]!.counts[rarest]! > 0);
    bearers.sort((a, b) => groups[b]!.counts[rarest]! - groups[a]!.counts[rarest]!);
    for (const g of bearers) place(g, [wantedOf[rarest]!, wanted]);
  }
  for (const g of [...left].sort((a, b) => groups[b]!.images.length - groups[a]!.images.length)) place(g, [wanted]);
  return assignment;
}
