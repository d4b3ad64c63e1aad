import { compareCodeUnits } from '../dataset/names.ts';
import type { Dataset, ImageRecord } from '../dataset/types.ts';

/** Shorter names than this (`1`, `p07`) are given to different patients by different hospitals. */
const tellingLength = 6;

/**
 * The declared groups (patients, slides) that have images in more than one declared split, in order of their names. Images without a split
 * are on no side.
 */
export function groupsAcrossSplits({ images, grouped }: Pick<Dataset, 'images' | 'grouped'>): string[] {
  if (!grouped) return [];
  const sides = new Map<string, ImageRecord['split']>();
  const across = new Set<string>();
  for (const { group, split } of images) {
    if (split === undefined) continue;
    const first = sides.get(group);
    if (first === undefined) sides.set(group, split);
    else if (first !== split) across.add(group);
  }
  return [...across].sort(compareCodeUnits);
}

/**
 * The declared groups that both datasets have, in order of their names: very likely the same patients. Two numberings may agree by chance, so
 * a name counts only if it has six characters or more and belongs, in both datasets, to files that are named alike (`00000013_005.png` and
 * `00000013_021.png`: the same characters but for the digits).
 */
export function sharedGroups(
  source: Pick<Dataset, 'images' | 'grouped'>,
  target: Pick<Dataset, 'images' | 'grouped'>,
): string[] {
  if (!source.grouped || !target.grouped) return [];
  const known = new Set(source.images.map(formOf));
  const shared = target.images.filter((image) => image.group.length >= tellingLength && known.has(formOf(image)));
  return [...new Set(shared.map(({ group }) => group))].sort(compareCodeUnits);
}

/** A group's name and how its file is named. */
function formOf({ id, group }: ImageRecord): string {
  const name = id.slice(id.lastIndexOf('/') + 1);
  return JSON.stringify([
    group,
    name
      .replace(/\.\w+$/u, '')
      .replaceAll(group, '*')
      .replaceAll(/\d+/gu, '0'),
  ]);
}
