import { placesOf } from './details.ts';
import { alongHeight, alongWidth, type PictureWindow, windowMatrix } from './picture-window.ts';

/** Frequencies along a side that are read of a part. */
export const registeredSide = 16;

/** Frequencies of a part, and how many of the picture they are made of. */
interface Band {
  count: number;
  known: number;
  at: Uint16Array;
  weights: Float64Array;
}

function bandOf(from: number, to: number, known: number): Band {
  return { count: to + 1, known, ...placesOf({ from, to }, to + 1) };
}

/** First what still correlates when a window is a thirtieth off, then the details that copies are told by. */
const coarse = bandOf(1, 5, 16);
const detail = bandOf(4, 9, 22);
/** What correlates less than `hopeful` where a pass begins will not do so where it ends: of 1,216 parts the least had 0.70 and 0.81. */
const passes = [
  { band: coarse, steps: 4, hopeful: 0.65 },
  { band: detail, steps: 5, hopeful: 0.75 },
];

/** Gain below which a pass has arrived. */
const arrived = 1e-5;
/** Share of a side by which slopes are taken, and which a step keeps within. */
const slope = 1 / 256;
const longestStep = 1 / 20;
/** Keeps equations solvable that do not determine a step, as for stripes. */
const damping = 0.02;

/** How well a window of one picture shows what another picture is. */
export interface Registration {
  window: PictureWindow;
  /** Of frequencies 4 to 9: −1 to 1. */
  correlation: number;
}

type Vector = Float64Array;
const keys = ['left', 'width', 'top', 'height'] as const;

/** A window and what it shows. */
interface View {
  window: PictureWindow;
  /** The picture's rows along the window's width. */
  rows: Vector;
  shown: Vector;
}

/**
 * Moves a window of one picture until it shows what another picture is: Gauss-Newton steps on the four edges that raise the correlation of
 * frequencies, coarse ones before fine ones (image registration after Lucas & Kanade 1981).
 * @param part the other picture's 16 × 16 lowest frequencies, as it lies in the containing one
 * @param signature of the containing picture
 * @returns undefined when they turn out to be unlike
 */
export function register(
  part: ArrayLike<number>,
  signature: ArrayLike<number>,
  start: PictureWindow,
): Registration | undefined {
  let window = start;
  let correlation = 0;
  for (const { band, steps, hopeful } of passes) {
    const wanted = unitOf(part, registeredSide, band);
    let view = viewOf(signature, window, band);
    correlation = dot(wanted, view.shown);
    if (correlation < hopeful) return undefined;
    for (let step = 0; step < steps; step++) {
      const next = improved(wanted, signature, view, band);
      if (next === undefined) break;
      const gain = dot(wanted, next.shown) - correlation;
      view = next;
      correlation += gain;
      if (gain < arrived) break;
    }
    window = view.window;
  }
  return { window, correlation };
}

/** The view a step further on; undefined when no step raises the correlation. */
function improved(wanted: Vector, signature: ArrayLike<number>, view: View, band: Band): View | undefined {
  const slopes = keys.map((key, i) => {
    const moved = { ...view.window, [key]: view.window[key] + slope };
    const { shown } = viewOf(signature, moved, band, i < 2 ? undefined : view.rows);
    for (let k = 0; k < shown.length; k++) shown[k] = (shown[k]! - view.shown[k]!) / slope;
    return shown;
  });
  const equations = slopes.map((a, i) => [
    ...slopes.map((b, j) => dot(a, b) * (i === j ? 1 + damping : 1)),
    dot(a, wanted) - dot(a, view.shown),
  ]);
  const step = solved(equations).map((value) => Math.max(-longestStep, Math.min(longestStep, value)));
  const before = dot(wanted, view.shown);
  for (const share of [1, 0.5, 0.25]) {
    const window = { ...view.window };
    for (const [i, key] of keys.entries()) window[key] += share * step[i]!;
    const next = viewOf(signature, window, band);
    if (dot(wanted, next.shown) > before) return next;
  }
  return undefined;
}

/** @param known the rows, where the window's width is one that was viewed before */
function viewOf(signature: ArrayLike<number>, window: PictureWindow, band: Band, known?: Vector): View {
  const across = () => windowMatrix(window.left, window.width, band.count, band.known);
  const rows = known ?? alongWidth(signature, across(), band.count, band.known);
  const down = windowMatrix(window.top, window.height, band.count, band.known);
  const frequencies = alongHeight(rows, down, band.count, band.known);
  return { window, rows, shown: unitOf(frequencies, band.count, band) };
}

/** The band's weighted frequencies at unit length; zeros where there are none. */
function unitOf(frequencies: ArrayLike<number>, stride: number, { at, weights, count }: Band): Vector {
  const out = new Float64Array(at.length);
  let length = 0;
  for (let k = 0; k < out.length; k++) {
    const place = Math.floor(at[k]! / count) * stride + (at[k]! % count);
    out[k] = frequencies[place]! * weights[k]!;
    length += out[k]! ** 2;
  }
  const scale = length > 0 ? 1 / Math.sqrt(length) : 0;
  for (let k = 0; k < out.length; k++) out[k]! *= scale;
  return out;
}

function dot(a: Vector, b: Vector): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

/** Gauss-Jordan elimination of a positive definite system; an unknown that nothing depends on is 0. */
function solved(rows: number[][]): number[] {
  const size = rows.length;
  for (let i = 0; i < size; i++) {
    const pivot = rows[i]![i]!;
    if (!(pivot > 1e-12)) continue;
    for (let k = 0; k < size; k++) {
      if (k === i) continue;
      const factor = rows[k]![i]! / pivot;
      for (let j = i; j <= size; j++) rows[k]![j]! -= factor * rows[i]![j]!;
    }
  }
  return rows.map((row, i) => (row[i]! > 1e-12 ? row[size]! / row[i]! : 0));
}
