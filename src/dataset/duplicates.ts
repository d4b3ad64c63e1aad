import { unreadable } from './fingerprint.ts';
import type { ImageRecord } from './types.ts';

/**
 * For each image that has the same bytes as an image of another list, that image: by position. Of one list with itself, the first image with
 * these bytes, for those after it.
 */
export function equalFiles(
  images: readonly ImageRecord[],
  contents: ReadonlyMap<string, string>,
  others: readonly ImageRecord[] = images,
  contentsOfOthers: ReadonlyMap<string, string> = contents,
): Map<number, number> {
  const first = new Map<string, number>();
  for (const [at, { id }] of others.entries()) {
    const content = contentsOfOthers.get(id);
    if (content !== undefined && !content.startsWith(unreadable) && !first.has(content)) first.set(content, at);
  }
  const equal = new Map<number, number>();
  for (const [row, { id }] of images.entries()) {
    const at = first.get(contents.get(id) ?? '');
    if (at !== undefined && !(images === others && at >= row)) equal.set(row, at);
  }
  return equal;
}

/**
 * Puts images of the same bytes, and with them all images of their groups, into one group: a copy on both sides of a
 * split is an image known from training, and counted as images of their own copies make every interval too narrow.
 * @param contents by image id
 * @returns the same records where there is no copy
 */
export function groupCopies(images: readonly ImageRecord[], contents: ReadonlyMap<string, string>): ImageRecord[] {
  const parent = new Map(images.map(({ group }) => [group, group]));
  const rootOf = (group: string): string => {
    let root = group;
    while (parent.get(root) !== root) root = parent.get(root)!;
    return root;
  };
  const first = new Map<string, string>();
  for (const { id, group } of images) {
    const content = contents.get(id);
    if (content === undefined || content.startsWith(unreadable)) continue;
    const known = first.get(content);
    if (known === undefined) first.set(content, group);
    else {
      const [a, b] = [rootOf(known), rootOf(group)].sort() as [string, string];
      parent.set(b, a);
    }
  }
  return images.map((image) => {
    const group = rootOf(image.group);
    return group === image.group ? image : { ...image, group };
  });
}
