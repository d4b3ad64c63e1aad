import type { PixelDemand } from '../encoder/network-pixels.ts';
import type { Augmentation } from '../probe/finetune/order.ts';
import { defaultAugmentation } from '../probe/finetune/order.ts';
import type { Optimiser } from '../training/optimisers.ts';
import type { PlannedFineTuning } from './plan.ts';

/** Raised whenever the same networks and images would be trained to another result. */
export const trainingVersion = 2;

/** Fewer steps than this train a head of zeros to nothing worth comparing. */
export const leastSteps = 60;

/** Seeds below which an interval says nothing. */
export const leastSeeds = 3;

/** Share of a run's steps in which the learning rate rises. */
const warmUpShare = 0.1;

export function warmUpOf(steps: number): number {
  return Math.round(warmUpShare * steps);
}

/** The settings that no candidate sees differently: momentum, decay and clipping as fine-tuning recipes commonly have them. */
export function optimiserOf({ optimiser }: Pick<PlannedFineTuning, 'optimiser'>): Optimiser {
  return optimiser === 'sgd'
    ? { kind: 'sgd', momentum: 0.9, nesterov: true, decay: 1e-4, clip: 5 }
    : { kind: 'adamw', decay: 0.01, clip: 5 };
}

export function augmentationOf({ augment }: Pick<PlannedFineTuning, 'augment'>): Augmentation {
  return {
    flip: augment.flip,
    shift: augment.crop ? defaultAugmentation.shift : 0,
    brightness: augment.brightness ? defaultAugmentation.brightness : 0,
  };
}

/** In words, for the report. */
export function augmentationWords({ flip, shift, brightness }: Augmentation): string {
  const parts = [...(flip ? ['flip'] : []), ...(shift > 0 ? ['crop'] : []), ...(brightness > 0 ? ['brightness'] : [])];
  return parts.join(', ') || 'none';
}

/** What tells pixel tensors apart: networks that want their image alike share one copy. */
export function pixelKey({ channels, layout, height, width, preprocessing }: PixelDemand): string {
  return JSON.stringify([channels, layout, height, width, preprocessing]);
}
