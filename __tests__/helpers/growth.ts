/** Milliseconds that the processor spent on a piece of work: unlike what a clock shows, the same on a busy machine. */
async function spent(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
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
  let [least, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  // By turns, so that both profit from what the compiler learns.
  for (let turn = 0; turn < 3; turn++) {
    most = Math.min(most, await spent(() => work(twenty)));
    least = Math.min(least, await spent(() => work(one)));
  }
  // Below two milliseconds it is the measurement that is measured.
  return most / Math.max(least, 2);
}

/** Above it, time grows with more than size. */
export const steep = 120;
