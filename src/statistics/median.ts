/**
 * The two middle values of some numbers, the same one twice when their count is odd, without sorting them all (Hoare 1961).
 * @param values at least one, none NaN; left in another order
 */
export function middleValues(values: Float64Array): [number, number] {
  const lower = (values.length - 1) >> 1;
  const low = select(values, lower);
  if (values.length % 2 === 1) return [low, low];
  let high = Number.POSITIVE_INFINITY;
  for (let i = lower + 1; i < values.length; i++) if (values[i]! < high) high = values[i]!;
  return [low, high];
}

/** Puts the value of rank `at` in its place, none larger before it and none smaller after it. */
function select(values: Float64Array, at: number): number {
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = medianOfThree(values[left]!, values[(left + right) >> 1]!, values[right]!);
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (at <= j) right = j;
    else if (at >= i) left = i;
    else break;
  }
  return values[at]!;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
