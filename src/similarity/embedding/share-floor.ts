/**
 * The least standard error of a share that resampling finds the same each time, as 0 or 1 are: as if one image more of each
 * kind had been seen. Agresti & Caffo 2000.
 * @param groups independent groups that the share is of
 */
export function shareFloor(groups: number): number {
  return Math.sqrt(groups + 1) / (groups + 2) ** 1.5;
}
