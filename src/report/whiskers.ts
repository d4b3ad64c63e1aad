/** An interval drawn with characters: `····━━●━━━····`, for tables where no picture can stand. */
export function whiskers(
  estimate: { value: number; low: number; high: number },
  axis: { low: number; high: number },
  width = 21,
): string {
  const span = axis.high - axis.low;
  const place = (x: number): number => (span > 0 ? Math.round(((x - axis.low) / span) * (width - 1)) : (width - 1) / 2);
  const clamp = (x: number): number => Math.min(width - 1, Math.max(0, x));
  const [low, value, high] = [estimate.low, estimate.value, estimate.high].map((x) => clamp(place(x))) as [
    number,
    number,
    number,
  ];
  return Array.from({ length: width }, (_, at) => (at === value ? '●' : at >= low && at <= high ? '━' : '·')).join('');
}
