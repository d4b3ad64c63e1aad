import type { Space } from '../../linear-algebra/nearest-neighbours.ts';

/** How far two sets lie in each other's neighbourhoods; see prdc.ts for what each says. */
export interface Prdc {
  precision: number;
  recall: number;
  density: number;
  coverage: number;
}

export interface NeighbourhoodRules {
  /** The neighbour that a ball reaches to. */
  k: number;
  /** Whether a point on the edge of a ball lies in it. */
  inclusive: boolean;
}

/** Rows of a set with the squared radius of the ball around each. */
export interface Balls {
  space: Space;
  rows: Int32Array;
  radii: Float64Array;
}

/** Counts of who lies in whose ball, one source row after the other. */
export interface BallCounts {
  /** Row `rows[i]` of the source meets the target: `products[at + step · row]` holds its product with each row of the target. */
  meet(i: number, products: Float64Array, at: number, step: number): void;
  prdc(): Prdc;
}

/**
 * Squared distances |a|² + |b|² − 2 a·b are off by the rounding of their products, which is enough to tip a row that lies
 * on the edge of a ball over it. Each is therefore an interval, and where it holds a radius the distance is summed again
 * from differences, which give the same for the same two rows whichever way round.
 */
export function ballCounts(source: Balls, target: Balls, { k, inclusive }: NeighbourhoodRules): BallCounts {
  const { rows } = target;
  const { points: x } = source.space;
  const { points: y } = target.space;
  const slack = (x.columns + 8) * Number.EPSILON;
  const halves = Float64Array.from(rows, (row) => target.space.halves[row]!);
  const covered = new Uint8Array(rows.length);
  const recalled = new Uint8Array(rows.length);
  let inside = 0;
  let precise = 0;
  const between = (row: number, other: number) => {
    let sum = 0;
    for (let p = row * x.columns, q = other * x.columns, end = p + x.columns; p < end; p++, q++) {
      const difference = x.data[p]! - y.data[q]!;
      sum += difference * difference;
    }
    return sum;
  };
  return {
    meet(i, products, at, step) {
      const row = source.rows[i]!;
      const half = source.space.halves[row]!;
      const own = source.radii[i]!;
      const before = inside;
      const { radii } = target;
      for (let j = 0; j < rows.length; j++) {
        const both = 2 * (half + halves[j]!);
        const squared = both - 2 * products[at + step * rows[j]!]!;
        const error = slack * both;
        const radius = radii[j]!;
        const least = squared - error;
        if (least > radius && least > own) continue;
        const most = squared + error;
        const isSure = (least > radius || most < radius) && (least > own || most < own);
        const distance = isSure ? squared : between(row, rows[j]!);
        if (distance < radius || (inclusive && distance === radius)) {
          inside++;
          covered[j] = 1;
        }
        if (distance < own || (inclusive && distance === own)) recalled[j] = 1;
      }
      if (inside > before) precise++;
    },
    prdc: () => ({
      precision: precise / source.rows.length,
      recall: share(recalled),
      density: inside / (k * source.rows.length),
      coverage: share(covered),
    }),
  };
}

function share(flags: Uint8Array): number {
  let count = 0;
  for (const flag of flags) count += flag;
  return count / flags.length;
}
