import { TransferEvidenceError } from '../errors.ts';
import { elements } from '../onnx/model.ts';

/** The shape of a result whose operands are broadcast against each other (ONNX, “multidirectional broadcasting”). */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1)
      throw new TransferEvidenceError('shape-mismatch', `[${a.join()}] and [${b.join()}] cannot be broadcast.`);
    return x === 1 ? y : x;
  });
}

/** One number, broadcast to anything. */
export function isScalarLike(shape: readonly number[]): boolean {
  return elements(shape) === 1;
}

/** An axis counted from the end when negative. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** 0, 1, …, length − 1. */
export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
