import { dotProducts } from '../../linear-algebra/dot-products.ts';
import { inDoubles, requireEqual } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';

/**
 * All dot products of the rows of two sets in loops, accumulated in float64: `out[i · b.rows + j] = a_i · b_j`. Symmetric
 * to the bit with `a === b`, and equal rows give equal numbers to the bit.
 * @throws shape-mismatch when the two sets differ in columns
 */
export function gram(a: Matrix, b: Matrix): Float64Array {
  requireEqual('columns', a.columns, 'columns', b.columns);
  const left = inDoubles(a).data;
  return dotProducts(left, a.rows, a === b ? left : inDoubles(b).data, b.rows, a.columns);
}
