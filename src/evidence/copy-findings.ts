import { counted } from '../dataset/names.ts';
import type { ImageRecord } from '../dataset/types.ts';
import type { Copy } from '../integrity/near-duplicates.ts';
import type { Finding } from './schema.ts';

/** Pairs that are named; the rest are counted. */
const shown = 3;

/** Target images that a source holds copies of. */
export function copiesInSource(
  id: string,
  copies: readonly Copy[],
  { source, target }: Record<'source' | 'target', readonly ImageRecord[]>,
): Finding[] {
  if (copies.length === 0) return [];
  return [
    {
      code: 'near_duplicates',
      about: id,
      text: `${copies.length} of ${counted(target.length, 'target image')} ${copies.length === 1 ? 'has a copy or near copy' : 'have copies or near copies'} among ${counted(source.length, 'image')} of ${id}: ${namesOf(copies, target, source)}. A network trained on them has seen the target: take weights trained without them, or remove them from the target.`,
    },
  ];
}

/** Copies among the target's own images. */
export function copiesInTarget(copies: readonly Copy[], images: readonly ImageRecord[]): Finding[] {
  if (copies.length === 0) return [];
  const apart = copies.filter(({ row, of }) => images[row]!.group !== images[of]!.group).length;
  const groups = apart > 0 && apart < copies.length ? `, ${apart} of them in another declared group` : '';
  return [
    {
      code: 'near_duplicates',
      about: 'target',
      text: `${copies.length} of ${counted(images.length, 'target image')} ${copies.length === 1 ? 'is a copy or near copy of another' : 'are copies or near copies of others'}${groups}: ${namesOf(copies, images, images)}. Here they were kept on one side of every split. Remove them, or give them one group, before a test set is drawn.`,
    },
  ];
}

/** The surest first. */
function namesOf(copies: readonly Copy[], rows: readonly ImageRecord[], of: readonly ImageRecord[]): string {
  const named = [...copies]
    .sort((a, b) => b.correlation - a.correlation || a.row - b.row)
    .slice(0, shown)
    .map((copy) => `${rows[copy.row]!.id} = ${of[copy.of]!.id}${copy.mirrored ? ' (mirrored)' : ''}`)
    .join(', ');
  return copies.length > shown ? `${named} and ${copies.length - shown} more` : named;
}
