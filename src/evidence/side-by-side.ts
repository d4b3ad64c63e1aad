import type { Encoder } from '../encoder/encoder.ts';

/** Of the memory that is free: the rest is for everything else. */
const usableMemory = 0.6;
/** Bytes of a thread and its runtime before any network. */
const bytesPerThread = 2e8;
/**
 * What a step keeps of a batch, in sizes of the batch itself: a ResNet-50 gives 74 by its convolutions, as many by what
 * follows each, and gradients pass through on top.
 */
const keptPerInput = 250;
/** Copies of the weights in a step: the network's, before and after, momenta, gradients. */
const copiesOfWeights = 8;

/** How many runs are trained side by side on a processor, one core each: as many as there are cores, if the memory is there. */
export function sideBySideOn(
  machine: { cores: number; freeBytes: number },
  networks: Iterable<Pick<Encoder, 'channels' | 'height' | 'width' | 'parameters'>>,
  { images, batch }: { images: number; batch: number },
): number {
  const bytes = [...networks].map(({ channels, height, width, parameters }) => {
    const image = 4 * channels * height * width;
    return image * (images + keptPerInput * batch) + 4 * copiesOfWeights * parameters;
  });
  const fitting = Math.floor((usableMemory * machine.freeBytes) / (bytesPerThread + Math.max(0, ...bytes)));
  return Math.max(1, Math.min(machine.cores, fitting));
}
