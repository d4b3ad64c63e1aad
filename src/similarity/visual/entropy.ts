import type { GreyLevels } from './luma.ts';
import { atInput, scalarMeasure } from './measure.ts';

/** W1 between the sets' distributions of luma entropy on native pixels, in bits; 0 … 8, lower is closer. */
export const entropy = scalarMeasure('visual.entropy', '1', ({ grey }) => lumaEntropy(grey));

/** The same at the network's input size. */
export const entropyAtInput = atInput(entropy, 'visual.entropy_at_input');

/** Shannon entropy in bits of luma in whole grey levels. Shannon 1948, Bell System Technical Journal 27:379. */
export function lumaEntropy({ data }: GreyLevels): number {
  const counts = new Float64Array(256);
  for (let at = 0; at < data.length; at++) counts[data[at]!]!++;
  let bits = 0;
  for (const count of counts)
    if (count > 0) {
      const share = count / data.length;
      bits -= share * Math.log2(share);
    }
  return bits;
}
