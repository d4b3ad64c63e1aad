import { elements, type Model } from '../onnx/model.ts';
import { normalWeights } from './normal-weights.ts';
import { replaceConstants } from './replace-constants.ts';
import { type Role, trainableOf } from './trainable.ts';

export { countParameters } from './trainable.ts';

/**
 * The same network before any training: every trainable tensor re-drawn. Kernels are normal with variance gain / fan-in, gain 2 where a
 * rectifier follows and 1 elsewhere (He et al. 2015, equations 10 and 14; the linear case keeps residual and bottleneck branches from growing), biases 0, normalisations
 * the identity, tokens and positions normal with deviation 0.02. Each tensor has a stream of its own: the same seed and name, the same numbers.
 */
export function randomlyInitialised(model: Model, seed: number): Model {
  const roles = trainableOf(model);
  return replaceConstants(model, (name, { dims }) => {
    const role = roles.get(name);
    return role && initial(role, elements(dims), seed, name);
  });
}

function initial(role: Role, length: number, seed: number, name: string): Float32Array {
  switch (role.kind) {
    case 'kernel':
      return normalWeights(length, heDeviation(role.fanIn, role.rectified ? 2 : 1), seed, name);
    case 'embedding':
      return normalWeights(length, 0.02, seed, name);
    case 'scale':
    case 'running variance':
      return new Float32Array(length).fill(1);
    case 'slope':
      return new Float32Array(length).fill(0.25);
    case 'bias':
    case 'running mean':
      return new Float32Array(length);
  }
}

/** Standard deviation of weights that keep the size of what passes through (He et al. 2015): √(gain / fan-in). */
export function heDeviation(fanIn: number, gain: 1 | 2): number {
  return Math.sqrt(gain / fanIn);
}
