import type { Estimate, Metric } from '../evidence/schema.ts';
import type { ProbeResult } from './protocol.ts';

/**
 * What guessing scores without looking: ½ for AUCs, 1 ÷ classes for balanced accuracy whatever is guessed, and for
 * accuracy the share of the commonest class.
 * @param commonestShare needed for accuracy only; default 1 ÷ classes, right when all classes are equally common
 */
export function chanceLevel(metric: Metric, classes: number, commonestShare = 1 / classes): number {
  switch (metric) {
    case 'auc':
    case 'macro_auc':
      return 0.5;
    case 'balanced_accuracy':
      return 1 / classes;
    case 'accuracy':
      return commonestShare;
  }
}

/** Whether a score's interval leaves open that it is no better than guessing. */
export function atChance(estimate: Estimate, chance: number): boolean {
  return estimate.low <= chance;
}

/** Whether nearly all images (95 %) get one and the same prediction although they are not of one class. */
export function collapsed({ sameness }: Pick<ProbeResult, 'sameness'>): boolean {
  return sameness >= 0.95;
}
