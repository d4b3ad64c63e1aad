import { seededRandom } from '../random.ts';
import type { ProbeProtocol, Split } from './protocol.ts';

/** Groups of a class that a smaller training set keeps, so that it can be divided to choose a configuration. */
const fewestGroups = 2;

/**
 * The same splits with a share of the training groups each, the test images unchanged. Smaller shares lie within larger ones.
 * Groups are taken by class in proportion, in an order that the seed decides, and of each class at least two where the split has
 * them; a group of several classes counts to its rarest.
 * @param share of the training groups, above 0 and at most 1
 */
export function withFewerImages(
  { labels, groups, classes, splits, seed }: Pick<ProbeProtocol, 'labels' | 'groups' | 'classes' | 'splits' | 'seed'>,
  share: number,
): Split[] {
  const sizes = new Float64Array(classes);
  for (const own of labels) for (const label of own) sizes[label] = sizes[label]! + 1;
  return splits.map(({ repeat, fold, train, test }) => {
    const kept = new Set<string>();
    const random = seededRandom(seed, 'fewer images', repeat, fold);
    for (const members of byRarestClass(train, { labels, groups, sizes })) {
      const order = random.shuffled(members);
      const count = Math.max(Math.min(fewestGroups, order.length), Math.round(share * order.length));
      for (const group of order.slice(0, count)) kept.add(group);
    }
    return { repeat, fold, train: train.filter((image) => kept.has(groups[image]!)), test };
  });
}

/** Names of the training groups by the rarest class among their images; those without a class together. */
function byRarestClass(
  train: readonly number[],
  { labels, groups, sizes }: Pick<ProbeProtocol, 'labels' | 'groups'> & { sizes: Float64Array },
): string[][] {
  const rarest = new Map<string, number>();
  for (const image of train) {
    const group = groups[image]!;
    let least = rarest.get(group) ?? sizes.length;
    for (const label of labels[image]!) if (least === sizes.length || sizes[label]! < sizes[least]!) least = label;
    rarest.set(group, least);
  }
  const strata = Array.from({ length: sizes.length + 1 }, (): string[] => []);
  for (const [group, label] of rarest) strata[label]!.push(group);
  return strata;
}
