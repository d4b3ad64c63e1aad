/** Milliseconds of the fastest of a few runs. */
async function fastest(runs: number, work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/**
 * How many times longer work on twenty times as much takes: about 20 where time grows with size, 400 where it grows with its square. What
 * is prepared for each size is not timed.
 */
export async function growth<T>(
  small: number,
  prepare: (size: number) => T,
  work: (given: T) => unknown,
): Promise<number> {
  const [one, twenty] = [prepare(small), prepare(20 * small)];
  const base = await fastest(5, () => work(one));
  // Below a millisecond the clock and the compiler are what is measured.
  return (await fastest(2, () => work(twenty))) / Math.max(base, 1);
}

/** Above it, time does not grow with size alone, however busy the machine. */
export const steep = 120;
