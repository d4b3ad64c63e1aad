import { counted } from '../dataset/names.ts';
import type { ImageRecord } from '../dataset/types.ts';
import type { Copy } from '../integrity/near-duplicates.ts';
import type { Finding } from './schema.ts';

/** Pairs that are named; the rest are counted. */
const shown = 3;

/** A set of target images and what one of them is called. */
interface CopiedSet {
  what: string;
  images: readonly ImageRecord[];
}

/** Target images, those to measure on or those marked test, that a source holds copies of. */
export function copiesInSource(
  id: string,
  copies: readonly Copy[],
  { source, set }: { source: readonly ImageRecord[]; set: CopiedSet },
): Finding[] {
  if (copies.length === 0) return [];
  return [
    {
      code: 'near_duplicates',
      about: id,
      text: `${copies.length} of ${counted(set.images.length, set.what)} ${copies.length === 1 ? 'has a copy or near copy' : 'have copies or near copies'} among ${counted(source.length, 'image')} of ${id}${exactly(copies)}: ${namesOf(copies, set.images, source)}. A network trained on them has seen the target: take weights trained without them, or remove them from the target.`,
    },
  ];
}

/** Copies among the target's own images. */
export function copiesInTarget(copies: readonly Copy[], images: readonly ImageRecord[]): Finding[] {
  if (copies.length === 0) return [];
  const apart = copies.filter(({ row, of }) => images[row]!.group !== images[of]!.group).length;
  const groups = apart > 0 && apart < copies.length ? `, ${apart} of them in another declared group` : '';
  const across = copies.filter(({ row, of }) => {
    const [one, other] = [images[row]!.split, images[of]!.split];
    return one !== undefined && other !== undefined && one !== other;
  }).length;
  const splits = across > 0 ? `, ${across} of them across the declared training and validation images` : '';
  return [
    {
      code: 'near_duplicates',
      about: 'target',
      text: `${copies.length} of ${counted(images.length, 'target image')} ${copies.length === 1 ? 'is a copy or near copy of another' : 'are copies or near copies of others'}${groups}${splits}${exactly(copies)}: ${namesOf(copies, images, images)}. Here they were kept on one side of every split. Remove them, or give them one group, before a test set is drawn.`,
    },
  ];
}

/** Test images that are copies of the target's other images. */
export function copiesInTest(
  copies: readonly Copy[],
  { test, others }: Record<'test' | 'others', readonly ImageRecord[]>,
): Finding[] {
  if (copies.length === 0) return [];
  const splits = new Set(copies.map(({ of }) => others[of]!.split));
  const whose = [...splits].map((split) => (split === undefined ? 'undeclared' : splitWords[split])).sort();
  return [
    {
      code: 'near_duplicates',
      about: 'target',
      text: `${copies.length} of ${counted(test.length, 'test image')} ${copies.length === 1 ? 'is a copy or near copy' : 'are copies or near copies'} of ${whose.join(' and ')} images${exactly(copies)}: ${namesOf(copies, test, others)}. A later test score would be too high. Remove them from one split.`,
    },
  ];
}

const splitWords = { train: 'training', validation: 'validation', test: 'test' } as const;

/** How many files are the same, where some are. */
function exactly(copies: readonly Copy[]): string {
  const exact = copies.filter((copy) => copy.exact).length;
  return exact === 0 ? '' : ` (${exact === copies.length ? 'the same bytes' : `${exact} the same bytes`})`;
}

/** The surest first. */
function namesOf(copies: readonly Copy[], rows: readonly ImageRecord[], of: readonly ImageRecord[]): string {
  const named = [...copies]
    .sort((a, b) => b.correlation - a.correlation || a.row - b.row)
    .slice(0, shown)
    .map((copy) => `${rows[copy.row]!.id} = ${of[copy.of]!.id}${howOf(copy)}`)
    .join(', ');
  return copies.length > shown ? `${named} and ${copies.length - shown} more` : named;
}

function howOf({ change, cropped }: Copy): string {
  const words = [...(change === 'as it is' ? [] : [change]), ...(cropped ? ['cropped'] : [])];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
