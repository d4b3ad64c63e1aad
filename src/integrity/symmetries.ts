import { signatureSide } from './image-signature.ts';

/** The eight ways to lay a square on itself: what was done to a picture to make the copy. Turning is clockwise; the first changes nothing. */
export const symmetries = [
  'as it is',
  'mirrored',
  'mirrored top to bottom',
  'turned by 180°',
  'mirrored along the diagonal',
  'turned by 90°',
  'turned by 270°',
  'mirrored along the other diagonal',
] as const;

export type Symmetry = (typeof symmetries)[number];

/** The index of the symmetry that undoes the one of this index. */
export function undone(symmetry: number): number {
  return symmetry === 5 ? 6 : symmetry === 6 ? 5 : symmetry;
}

/** Whether the symmetry of this index turns the sign of odd horizontal frequencies, of odd vertical ones, and swaps the two beforehand. */
function partsOf(symmetry: number): { across: boolean; down: boolean; swap: boolean } {
  return { across: (symmetry & 1) !== 0, down: (symmetry & 2) !== 0, swap: (symmetry & 4) !== 0 };
}

/**
 * For one symmetry, where each number of the changed picture's lowest frequencies comes from, and with which sign: exact, because the cosines
 * of frequency k are even about the middle for even k and odd for odd k.
 * @param symmetry index into {@link symmetries}
 * @param count frequencies along each side of the result
 * @param stride numbers in a row of what is read
 */
export function changeOf(
  symmetry: number,
  count: number,
  stride = signatureSide,
): { from: Uint16Array; sign: Float64Array } {
  const { across, down, swap } = partsOf(symmetry);
  const from = new Uint16Array(count * count);
  const sign = new Float64Array(count * count).fill(1);
  for (let v = 0; v < count; v++)
    for (let u = 0; u < count; u++) {
      const at = v * count + u;
      from[at] = swap ? u * stride + v : v * stride + u;
      if ((across && u % 2 === 1) !== (down && v % 2 === 1)) sign[at] = -1;
    }
  return { from, sign };
}
