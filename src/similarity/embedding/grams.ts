import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import { type Matrix, selectRows } from '../../matrix.ts';
import { gram } from './gram.ts';

/**
 * Dot products that several measures share: each pair of sets is multiplied once. Pass one to every comparison of the
 * same feature matrices (MMD, then KID) and drop it when they are done.
 */
export interface Grams {
  /** What multiplies matrices. */
  readonly products: Products;
  /** The matrix of the given rows; the same object whenever the same rows of the same matrix are asked for. */
  select(source: Matrix, rows: Int32Array): Matrix;
  /**
   * Multiplies the target and every source with itself, and every source with the target, on {@link products}; what was
   * multiplied before is kept.
   */
  prepare(target: Matrix, sources: readonly Matrix[]): Promise<void>;
  /**
   * `out[i · b.rows + j] = a_i · b_j`; not to be written to. At once for what {@link prepare} multiplied, in loops for
   * other pairs.
   */
  between(a: Matrix, b: Matrix): Float64Array;
}

/** @param products what multiplies matrices; loops where none is given */
export function createGrams(products: Products = plainProducts): Grams {
  const selections = new WeakMap<Matrix, Map<string, Matrix>>();
  const known = new WeakMap<Matrix, WeakMap<Matrix, Float64Array>>();
  const prepare = async (a: Matrix, b: Matrix) => {
    const ofA = entry(known, a, () => new WeakMap<Matrix, Float64Array>());
    if (!ofA.has(b)) ofA.set(b, (await products.rows(a, b)).data);
  };
  return {
    products,
    select(source, rows) {
      if (rows.length === source.rows && rows.every((row, i) => row === i)) return source;
      const ofSource = entry(selections, source, () => new Map<string, Matrix>());
      return entry(ofSource, rows.join(), () => selectRows<Float32Array | Float64Array>(source, Array.from(rows)));
    },
    async prepare(target, sources) {
      await prepare(target, target);
      for (const source of sources) {
        await prepare(source, source);
        await prepare(source, target);
      }
    },
    between(a, b) {
      const ofA = entry(known, a, () => new WeakMap<Matrix, Float64Array>());
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
