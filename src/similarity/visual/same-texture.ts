/** An operational default of ours: divergences up to this many times that of the target's halves are one texture. */
export const sameTextureFactor = 2;

/** Whether a set's texture is as close to the target's as the target's own halves are to each other. */
export function sameTexture(divergence: number, splitHalf: number): boolean {
  return divergence <= sameTextureFactor * splitHalf;
}
