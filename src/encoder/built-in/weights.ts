import { TransferEvidenceError } from '../../errors.ts';
import type { GraphBuilder } from '../../onnx/build.ts';
import { elements } from '../../onnx/model.ts';
import { normalWeights } from '../normal-weights.ts';
import { heDeviation } from '../random-initialisation.ts';

/** What a built-in network is asked for. */
export interface BuiltInOptions {
  /** Pixels of the input. Default 64. */
  height?: number;
  width?: number;
  /** Decides the initial weights. Default 1. */
  seed?: number;
}

/** Both networks look at every 16th pixel in the end: below this, less than 2 × 2 positions are left. */
const smallest = 32;

/** The options with their defaults. @throws input-invalid when the images are too small */
export function sizeAndSeed({ height = 64, width = 64, seed = 1 }: BuiltInOptions): Required<BuiltInOptions> {
  if (![height, width].every((side) => Number.isInteger(side) && side >= smallest))
    throw new TransferEvidenceError(
      'input-invalid',
      `A built-in network takes images of at least ${smallest} × ${smallest} whole pixels (height × width); ${height} × ${width} was asked for. Set preprocessing.size to ${smallest} or more.`,
    );
  return { height, width, seed };
}

/** Draws the initial weights of a network that is being built; each call adds a constant and returns its name. */
export class InitialWeights {
  readonly #g: GraphBuilder;
  readonly #seed: number;

  constructor(g: GraphBuilder, seed: number) {
    this.#g = g;
    this.#seed = seed;
  }

  /** Normal with variance gain / fan-in: 2 where what comes in was rectified (He et al. 2015, equation 10). */
  kernel(name: string, dims: number[], fanIn: number, gain: 1 | 2): string {
    return this.#g.constant(name, normalWeights(elements(dims), heDeviation(fanIn, gain), this.#seed, name), dims);
  }

  filled(name: string, dims: number[], value: number): string {
    return this.#g.constant(name, new Float32Array(elements(dims)).fill(value), dims);
  }
}
