import type { Preprocessing } from '../manifest/schema.ts';

/** How pixels become numbers, without size and resizing. */
export type PixelScaling = Pick<Preprocessing, 'channels' | 'range' | 'mean' | 'std'>;

/** A preprocessing in common use. */
export interface Setting {
  /** As the report names it and as the manifest would write it. */
  words: string;
  scaling: PixelScaling;
}

const none = [0, 0, 0] as const;
const one = [1, 1, 1] as const;

/** Of red, green and blue: the means and standard deviations that torchvision’s and Caffe’s networks were trained with. */
const scalings = [
  { words: 'range [0, 1]', range: [0, 1], mean: none, std: one },
  { words: 'range [-1, 1]', range: [-1, 1], mean: none, std: one },
  { words: 'ImageNet’s mean and std', range: [0, 1], mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  { words: 'range [0, 255]', range: [0, 255], mean: none, std: one },
  { words: 'range [0, 255] less ImageNet’s mean', range: [0, 255], mean: [123.68, 116.779, 103.939], std: one },
] as const;

const channelWords = { rgb: 'RGB', bgr: 'BGR', grey: 'grey' } as const;

/**
 * The preprocessings that published networks are trained with: RGB, BGR or grey, each in [0, 1], in [−1, 1], standardised by ImageNet’s mean and
 * standard deviation, in [0, 255], and in [0, 255] less ImageNet’s mean. `mean` and `std` stand in the order of the channels.
 * @param grey for networks of one channel: only those that convert to grey
 */
export function commonSettings(grey: boolean): Setting[] {
  const orders = grey ? (['grey'] as const) : (['rgb', 'bgr', 'grey'] as const);
  return orders.flatMap((channels) =>
    scalings.map(({ words, range, mean, std }) => ({
      words: grey ? words : `${channelWords[channels]}, ${words}`,
      scaling: { channels, range: [...range], mean: inOrder(mean, channels), std: inOrder(std, channels) },
    })),
  );
}

function inOrder([red, green, blue]: readonly [number, number, number], channels: string): [number, number, number] {
  return channels === 'bgr' ? [blue, green, red] : [red, green, blue];
}
