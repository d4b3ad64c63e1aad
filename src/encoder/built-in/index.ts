import { writeModel } from '../../onnx/write.ts';
import { type Encoder, withDigest } from '../encoder.ts';
import { countParameters } from '../random-initialisation.ts';
import { convnextNetwork } from './convnext.ts';
import { residualNetwork } from './residual.ts';

/** The networks that the program can build itself and train from random weights. */
export const builtInNetworks = { residual: residualNetwork, convnext: convnextNetwork };
export type BuiltInNetwork = keyof typeof builtInNetworks;

/** Pixels of their input, each side: small enough to be trained on a processor. */
const side = 64;

/** A built-in network with random weights, as any other network. */
export function builtInNetwork(name: BuiltInNetwork, seed: number): Encoder {
  const model = builtInNetworks[name]({ height: side, width: side, seed });
  return withDigest({
    id: name,
    name: `the built-in ${name} network`,
    model: writeModel(model),
    input: 'input',
    layout: 'NCHW',
    channels: 3,
    height: side,
    width: side,
    preprocessing: {
      channels: 'rgb',
      range: [0, 1],
      mean: [0.5, 0.5, 0.5],
      std: [0.25, 0.25, 0.25],
      size: [side, side],
      resize: 'squash',
    },
    fixedBatch: null,
    output: 'features',
    dimension: 128,
    sees: 'what its short training here taught it',
    parameters: countParameters(model),
    notes: [],
  });
}
