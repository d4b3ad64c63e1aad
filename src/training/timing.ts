/** Seconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** The median of at least three timings, of more while the time allows them. */
export async function medianOf(time: () => Promise<number>, seconds: number): Promise<number> {
  const times: number[] = [];
  for (let sum = 0; times.length < 3 || (sum < seconds && times.length < 25); ) {
    const own = await time();
    times.push(own);
    sum += own;
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}
