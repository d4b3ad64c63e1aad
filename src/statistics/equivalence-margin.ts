/** The gap, in accuracy or AUC, below which two scores are as good as equal (smaller where the data can show it). */
export function equivalenceMargin(images: number): number {
  return images >= 2000 ? 0.01 : 0.02;
}
