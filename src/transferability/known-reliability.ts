import type { TransferabilityMeasure } from '../measures.ts';

/** How well something ranked pretraining sources where fine-tuning had the last word. */
export interface Reliability {
  /** Mean weighted τ with the fine-tuned order, over the targets. */
  tau: number;
  /** AUC points lost on average by taking the source that it puts first. */
  regret: number;
}

/** 15 sources × 11 medical targets, the target as its own source left out, after the results published with it. */
export const reliabilitySource = 'arXiv 2412.20172';

/**
 * By score; `null` where it was not among those studied. 5-NN has the numbers of its relative there, five neighbours in
 * features brought to the labels (NCA). LogME there is the form that overrates many dimensions
 * ({@link import('./compat/log-me.ts').thumlLogMe}), PARC and NLEEP those with principal components and without logarithm.
 */
export const knownReliability: Record<TransferabilityMeasure, Reliability | null> = {
  'transferability.knn': { tau: 0.44, regret: 0.94 },
  'transferability.logme': { tau: 0.335, regret: 0.66 },
  'transferability.parc': { tau: 0.297, regret: 1.42 },
  'transferability.nleep': { tau: 0.411, regret: 1.26 },
  'transferability.leep': { tau: 0.351, regret: 0.55 },
  'transferability.nce': null,
  'transferability.h_score': null,
  'transferability.gbc': null,
};

/**
 * The mean rank on so many other targets, worked out from the same published results: over all choices of that many other
 * targets. With few of them it is no better than a score.
 */
const otherTargetsReliability: readonly [targets: number, known: Reliability][] = [
  [1, { tau: 0.358, regret: 1.37 }],
  [2, { tau: 0.404, regret: 1.52 }],
  [3, { tau: 0.438, regret: 1.52 }],
  [5, { tau: 0.483, regret: 1.09 }],
  [10, { tau: 0.553, regret: 0.52 }],
];

/** What is known of the mean rank on so many other targets, or on the next smaller number that was studied. */
export function reliabilityElsewhere(targets: number): Reliability {
  return otherTargetsReliability.findLast(([studied]) => studied <= targets)![1];
}

/** Choices that look at no image. */
export const staticReliability = {
  imagenet: { tau: 0.398, regret: 0.52 },
  largest: { tau: 0.488, regret: 1.75 },
} as const satisfies Record<string, Reliability>;

/** Fair: following it cost a point of AUC or less on average; weak: more. */
export function reliabilityWord(known: Reliability | null): 'fair' | 'weak' | 'untested' {
  if (known === null) return 'untested';
  return known.regret <= 1 ? 'fair' : 'weak';
}
