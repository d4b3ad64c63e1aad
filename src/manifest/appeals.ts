import { glossary } from './glossary.ts';
import type { Factor, Manifest } from './schema.ts';
import { claimsOf, sentencesOf, statementsOf } from './statements.ts';

/** Reasons whose numbers take training: a learning curve, and probes on the sources' own labels. */
const costly = ['dataset_size', 'label_quality'] as const satisfies readonly Factor[];

export type CostlyFactor = (typeof costly)[number];

/**
 * The costly reasons that a manifest gives: as a factor with words or an order, as a claim, or by a word of the glossary
 * (“large enough”, “clean labels”) anywhere in its justification. A factor that was not considered is none.
 */
export function appealsOf(manifest: Manifest): CostlyFactor[] {
  return costly.filter((factor) => givesReason(manifest, factor));
}

function givesReason(manifest: Manifest, factor: Factor): boolean {
  const { justification } = manifest;
  const stated = typeof justification === 'object' ? justification.factors?.[factor] : undefined;
  if (stated && (stated.text ?? stated.define ?? stated.rank) !== undefined) return true;
  if (claimsOf(manifest).some((claim) => claim.factor === factor)) return true;
  const patterns = glossary.filter(({ answeredBy }) => answeredBy.includes(factor)).map(({ pattern }) => pattern);
  return statementsOf(manifest).some(({ text }) =>
    sentencesOf(text).some((sentence) => patterns.some((pattern) => sentence.match(pattern) !== null)),
  );
}
