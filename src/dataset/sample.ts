import { type Random, seededRandom } from '../random.ts';
import { compareCodeUnits } from './names.ts';
import type { Dataset, ImageRecord } from './types.ts';

/** With fewer groups than this no verdict is reached, so no group may take the place of the thirtieth. */
const groupsWanted = 30;

/**
 * Draws at most `count` images at random, the same ones for the same content, seed and purpose. All images when there
 * are no more than that.
 *
 * Classes keep their proportions, and each keeps two images where it has them and the count allows it (2 × classes).
 * Several labels an image are balanced as in iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011): the class
 * that is furthest behind its share is served next. Groups come whole, except that one group gives at most a thirtieth
 * of the sample as long as other groups are left: 500 tiles of one slide say little about slides.
 *
 * @returns records in code-unit order of their ids
 */
export function drawSample(
  dataset: Pick<Dataset, 'images' | 'classes'>,
  options: { count: number; seed: number; purpose: string },
): ImageRecord[] {
  const images = [...dataset.images].sort((a, b) => compareCodeUnits(a.id, b.id));
  const { count, seed, purpose } = options;
  if (images.length <= count) return images;
  const random = seededRandom(seed, 'sample', purpose);
  const groups = groupsOf(images, random);
  const cap = largestShare(groups, count);
  const strata = strataOf(groups, images.length, dataset.classes.length, count);

  const taken: ImageRecord[] = [];
  while (taken.length < count) {
    const stratum = furthestBehind(strata);
    if (stratum === undefined) break;
    const group = stratum.waiting.pop()!;
    if (group.used) continue;
    group.used = true;
    const room = Math.min(cap, count - taken.length);
    for (const image of group.images.length <= room ? group.images : cut(group, stratum.index, room, random)) {
      taken.push(image);
      for (const index of strataIndices(image, dataset.classes.length)) strata[index]!.have++;
    }
  }
  return taken.sort((a, b) => compareCodeUnits(a.id, b.id));
}

interface Group {
  images: ImageRecord[];
  used: boolean;
}

/** One class, or the images without any. */
interface Stratum {
  index: number;
  size: number;
  /** Images of it that the sample should hold. */
  share: number;
  least: number;
  have: number;
  /** Groups with an image of it, the next one last. */
  waiting: Group[];
}

function groupsOf(images: ImageRecord[], random: Random): Group[] {
  const byName = new Map<string, Group>();
  for (const image of images) {
    const group = byName.get(image.group);
    if (group) group.images.push(image);
    else byName.set(image.group, { images: [image], used: false });
  }
  return random.shuffled([...byName.values()]);
}

/** The smallest number of images a group may give so that the sample is filled, but at least a thirtieth of it. */
function largestShare(groups: Group[], count: number): number {
  const fills = (cap: number) => groups.reduce((sum, { images }) => sum + Math.min(images.length, cap), 0) >= count;
  let enough = count;
  let low = Math.max(1, Math.floor(count / Math.min(groupsWanted, groups.length)));
  while (low < enough) {
    const middle = Math.floor((low + enough) / 2);
    if (fills(middle)) enough = middle;
    else low = middle + 1;
  }
  return low;
}

function strataOf(groups: Group[], images: number, classes: number, count: number): Stratum[] {
  const least = Math.min(2, Math.floor(count / Math.max(1, classes)));
  const strata: Stratum[] = Array.from({ length: classes + 1 }, (_, index) => ({
    index,
    size: 0,
    share: 0,
    least: 0,
    have: 0,
    waiting: [],
  }));
  for (const group of groups.toReversed()) {
    const present = new Set<number>();
    for (const image of group.images)
      for (const index of strataIndices(image, classes)) {
        strata[index]!.size++;
        present.add(index);
      }
    for (const index of present) strata[index]!.waiting.push(group);
  }
  for (const stratum of strata) {
    stratum.least = stratum.index < classes ? Math.min(least, stratum.size) : 0;
    stratum.share = (stratum.size / images) * count;
  }
  return strata;
}

function strataIndices(image: ImageRecord, classes: number): number[] {
  return image.labels.length > 0 ? image.labels : [classes];
}

/** Classes short of their least number first, the rarest of them before the others; then the one furthest behind. */
function furthestBehind(strata: Stratum[]): Stratum | undefined {
  let best: Stratum | undefined;
  for (const stratum of strata) {
    if (stratum.waiting.length === 0) continue;
    if (best === undefined || precedes(stratum, best)) best = stratum;
  }
  return best;
}

function precedes(a: Stratum, b: Stratum): boolean {
  const aShort = a.have < a.least;
  const bShort = b.have < b.least;
  if (aShort !== bShort) return aShort;
  if (aShort) return a.size < b.size;
  return (a.share - a.have) / a.share > (b.share - b.have) / b.share;
}

/** Part of a group: the class that it was drawn for first. */
function cut(group: Group, stratum: number, room: number, random: Random): ImageRecord[] {
  const order = random.shuffled(group.images);
  const wanted = (image: ImageRecord) => image.labels.includes(stratum) || image.labels.length === 0;
  return [...order.filter(wanted), ...order.filter((image) => !wanted(image))].slice(0, room);
}
