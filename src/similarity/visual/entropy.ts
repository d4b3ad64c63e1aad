import { scalarMeasure } from './measure.ts';
import { type Luma, lumaScale } from './planes.ts';

/** W1 between the sets' distributions of luma entropy on native pixels, in bits; 0 … 8, lower is closer. */
export const entropy = scalarMeasure('visual.entropy', '1', ({ luma }) => lumaEntropy(luma));

/** Shannon entropy in bits of luma rounded to whole grey levels, halves to even. */
export function lumaEntropy({ data }: Luma): number {
  const counts = new Float64Array(256);
  for (let at = 0; at < data.length; at++) {
    const value = data[at]!;
    const down = (value / lumaScale) | 0;
    const rest = value - down * lumaScale;
    counts[rest > lumaScale / 2 || (rest === lumaScale / 2 && (down & 1) === 1) ? down + 1 : down]!++;
  }
  let bits = 0;
  for (const count of counts)
    if (count > 0) {
      const share = count / data.length;
      bits -= share * Math.log2(share);
    }
  return bits;
}
