import type { Evidence } from '../evidence/schema.ts';
import type { Candidate, Manifest } from '../manifest/schema.ts';

/** ImageNet itself under its usual names; not RadImageNet, Imagenette or Tiny ImageNet. */
const imageNet = /^(?:image[\s_-]?net(?![a-z])|ilsvrc)/i;

/** The candidates that “always ImageNet” would pick: those whose declared dataset is ImageNet. */
export function alwaysImageNet({ candidates }: Pick<Manifest, 'candidates'>): string[] {
  return candidates.filter(({ data }) => data?.name !== undefined && imageNet.test(data.name)).map(({ id }) => id);
}

/** The candidates that “the largest source” would pick, by declared number of images; none unless two declare one. */
export function largestSource({ candidates }: Pick<Manifest, 'candidates'>): string[] {
  const declared = candidates.flatMap(({ id, data }) =>
    data?.images === undefined ? [] : [{ id, images: data.images }],
  );
  if (declared.length < 2) return [];
  const most = declared.reduce((largest, { images }) => Math.max(largest, images), 0);
  return declared.filter(({ images }) => images === most).map(({ id }) => id);
}

/** The candidates that “what did best on other targets” would pick: those with the lowest mean rank there. */
export function bestElsewhere({ otherTargets }: Pick<Evidence, 'otherTargets'>): string[] {
  const ranks = otherTargets?.ranks ?? [];
  const best = ranks.reduce((least, { meanRank }) => Math.min(least, meanRank), Infinity);
  return ranks.filter(({ meanRank }) => meanRank === best).map(({ candidate }) => candidate);
}

/**
 * Whether a candidate's declared training data is the target: by the dataset's name or the card. Features trained on the
 * target's own labels are good at them, whatever they are worth elsewhere.
 */
export function isSelfSource({ data, card }: Candidate, target: Manifest['target']): boolean {
  const cards = [target.card, target.croissant].filter((one) => one !== undefined);
  if (card !== undefined && cards.includes(card)) return true;
  return data?.name !== undefined && bare(data.name) === bare(target.name);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
