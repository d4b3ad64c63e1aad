import { elements } from '../../onnx/model.ts';
import { intAttribute, type Step } from '../operator.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';

/** What GatherND reads, with all the axes that it indexes seen as one. */
export interface RowsRead {
  /** Rows that are read. */
  count: number;
  /** Rows there are. */
  size: number;
  /** `count` of them, from 0; a vector where they differ from image to image. */
  indices: readonly number[] | Value;
}

/** The tuples of indices of GatherND as places in a row of rows. */
export function rowsRead(step: Step): RowsRead {
  const { node, inputs, ops } = step;
  const { shape } = inputs[0]!;
  const tuples = inputs[1]!;
  const batchRank = intAttribute(node, 'batch_dims', 0);
  const width = tuples.shape.at(-1)!;
  const sizes = shape.slice(batchRank, batchRank + width);
  const distances = sizes.map((_, i) => elements(sizes.slice(i + 1)));
  const batches = elements(shape.slice(0, batchRank));
  const count = elements(tuples.shape.slice(0, -1));
  const each = count / batches;
  const size = batches * elements(sizes);
  const numbers = step.numbers(1);
  if (numbers) {
    const indices = range(count).map((row) =>
      sizes.reduce(
        (place, own, i) => {
          const index = numbers[row * width + i]!;
          return place + (index < 0 ? index + own : index) * distances[i]!;
        },
        Math.floor(row / each) * elements(sizes),
      ),
    );
    return { count, size, indices };
  }
  const rows = ops.reshape(tuples, [batches, each, width]);
  const isBelow = ops.binary('Less', rows, ops.constant([0], []), 'bool');
  const counted = ops.where(isBelow, ops.binary('Add', rows, ops.ints(sizes), 'int64'), rows);
  const terms = ops.binary('Mul', counted, ops.ints(distances), 'int64');
  const kept = { shape: [batches, each], type: 'int64' } as const;
  const places = ops.node('ReduceSum', [terms, ops.ints([2])], kept, { keepdims: 0 });
  const firsts = ops.constant(
    range(batches).map((batch) => batch * elements(sizes)),
    [batches, 1],
  );
  return { count, size, indices: ops.reshape(ops.binary('Add', places, firsts, 'int64'), [count]) };
}
