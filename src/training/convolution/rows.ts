import { elements } from '../../onnx/model.ts';
import { asItLies } from '../layouts.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, positions } from './shape.ts';
import { fromPositions, matricesOf, matricesOneByOne, pairsOf, tapsOf } from './taps.ts';

/*
 * Dense convolutions over two axes as matrix products over rows, one for each kernel position: positions first, maps are rows
 * [positions, N, C], of which a kernel position reads those of the pixels that it sees. What would see a pad takes no part, which is
 * a third of the arithmetic on maps of 4 × 4 with kernels of 3 × 3 and more than half on maps of 2 × 2.
 */

/** The pixels that a kernel position sees and the positions that see them, in one order. */
interface Seen {
  pixels: readonly number[];
  positions: readonly number[];
}

/** Rows that are added to those at some places. */
interface Term {
  /** [places, N, C] */
  rows: Value;
  places: readonly number[];
}

export function convolveByRows(ops: Ops, shape: ConvolutionShape, x: Value, w: Value, bias?: Value): Value {
  const terms = seenWith(shape, matricesOf(ops, w)).map(({ seen, matrix }): Term => {
    const rows = ops.matmulTransposed(rowsAt(ops, x, seen.pixels), matrix);
    return { rows, places: seen.positions };
  });
  const sum = added(ops, terms, [positions(shape), shape.images, shape.outputs]);
  return mapsOf(ops, bias ? ops.add(sum, bias) : sum, shape.output);
}

export function inputGradientByRows(ops: Ops, shape: ConvolutionShape, dy: Value, w: Value): Value {
  // Not the matrices of the way forward, which would be kept until here.
  const terms = seenWith(shape, matricesOneByOne(ops, w)).map(({ seen, matrix }): Term => {
    const rows = ops.matmul(rowsAt(ops, dy, seen.positions), matrix);
    return { rows, places: seen.pixels };
  });
  return mapsOf(ops, added(ops, terms, [elements(shape.input), shape.images, shape.channels]), shape.input);
}

export function weightGradientByRows(ops: Ops, shape: ConvolutionShape, x: Value, dy: Value): Value {
  const { images, channels, outputs, kernel } = shape;
  const matrix = (rows: Value) => ops.reshape(rows, [rows.shape[0]! * images, rows.shape[2]!]);
  const products = seenBy(shape).map((seen) =>
    seen.pixels.length === 0
      ? ops.full([outputs, channels], 0)
      : ops.gemm(matrix(rowsAt(ops, dy, seen.positions)), matrix(rowsAt(ops, x, seen.pixels)), { transA: true }),
  );
  return fromPositions(ops, ops.concat(products, 0), [outputs, channels, ...kernel]);
}

export function biasGradientByRows(ops: Ops, dy: Value): Value {
  return ops.reduce('ReduceSum', rowsOf(ops, dy), [0, 1], false);
}

function seenBy(shape: ConvolutionShape): Seen[] {
  return tapsOf(shape).map((tap) => {
    const pairs = pairsOf(shape, tap);
    return { pixels: pairs.map(({ pixel }) => pixel), positions: pairs.map(({ position }) => position) };
  });
}

/** The kernel positions that see more than pads, each with its matrix. */
function seenWith(shape: ConvolutionShape, matrices: readonly Value[]): { seen: Seen; matrix: Value }[] {
  return seenBy(shape).flatMap((seen, i) => (seen.pixels.length === 0 ? [] : [{ seen, matrix: matrices[i]! }]));
}

/** [N, C, …] in any layout → [positions, N, C] */
function rowsOf(ops: Ops, value: Value): Value {
  const [images, channels, ...spatial] = value.shape as [number, number, ...number[]];
  return ops.reshape(asItLies(ops.as('positions-first', value)), [elements(spatial), images, channels]);
}

/** [places, N, C]; a place of all images is one piece. */
function rowsAt(ops: Ops, value: Value, places: readonly number[]): Value {
  const rows = rowsOf(ops, value);
  const all = places.length === rows.shape[0] && places.every((place, i) => place === i);
  return all ? rows : ops.gather(rows, places, 0);
}

/** The sum of all terms; `shape` is that of all places. */
function added(ops: Ops, terms: readonly Term[], shape: readonly [number, number, number]): Value {
  const whole = terms.find(({ places }) => places.length === shape[0]);
  return terms.reduce((sum, term) => {
    if (term === whole) return sum;
    const where = ops.reshape(ops.ints(term.places), [term.places.length, 1]);
    return ops.node('ScatterND', [sum, where, term.rows], { shape }, { reduction: 'add' });
  }, whole?.rows ?? ops.zeros(shape));
}

/** [positions, N, C] → [N, C, …], positions first. */
function mapsOf(ops: Ops, rows: Value, spatial: readonly number[]): Value {
  const [, images, channels] = rows.shape as [number, number, number];
  const shape = [images, channels, ...spatial];
  return { ...ops.reshape(rows, [...spatial, images, channels]), shape, layout: 'positions-first' };
}
