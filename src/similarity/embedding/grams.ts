import { type Matrix, selectRows } from '../../matrix.ts';
import { gram } from './gram.ts';

/**
 * Dot products that several measures share: each pair of sets is multiplied once. Pass one to every comparison of the
 * same feature matrices (MMD, then KID) and drop it when they are done.
 */
export interface Grams {
  /** The matrix of the given rows; the same object whenever the same rows of the same matrix are asked for. */
  select(source: Matrix, rows: Int32Array): Matrix;
  /** `out[i · b.rows + j] = a_i · b_j`; not to be written to. */
  between(a: Matrix, b: Matrix): Float64Array;
}

export function createGrams(): Grams {
  const selections = new WeakMap<Matrix, Map<string, Matrix>>();
  const products = new WeakMap<Matrix, WeakMap<Matrix, Float64Array>>();
  return {
    select(source, rows) {
      if (rows.length === source.rows && rows.every((row, i) => row === i)) return source;
      const ofSource = entry(selections, source, () => new Map<string, Matrix>());
      return entry(ofSource, rows.join(), () => selectRows<Float32Array | Float64Array>(source, Array.from(rows)));
    },
    between(a, b) {
      const ofA = entry(products, a, () => new WeakMap<Matrix, Float64Array>());
      return entry(ofA, b, () => gram(a, b));
    },
  };
}

function entry<K, V>(map: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
