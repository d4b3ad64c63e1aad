import type { Optimiser } from '../../training/optimisers.ts';

/** The rate that suits a network as it is on average, by what is trained and how; random weights need larger ones. */
const middle: Record<Optimiser['kind'], { pretrained: number; random: number }> = {
  sgd: { pretrained: 3e-3, random: 1e-2 },
  adamw: { pretrained: 3e-4, random: 1e-3 },
};

/**
 * Learning rates to try: `count` of them, each √10 times the one before, around a rate that is usual for the optimiser. The grid is
 * the same for every candidate; random initialisation has its own, since what is best for trained weights is too little for it.
 */
export function rateGrid(optimiser: Optimiser['kind'], start: 'pretrained' | 'random', count: number): number[] {
  const centre = Math.log10(middle[optimiser][start]);
  return Array.from({ length: count }, (_, i) => {
    // Three digits are said in the report, so three are used.
    return Number((10 ** (centre + (i - (count - 1) / 2) / 2)).toPrecision(3));
  });
}
