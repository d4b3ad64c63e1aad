import { TransferEvidenceError } from '../../errors.ts';

/**
 * The learning rate of each step: in `warmUp` equal stairs up to `peak`, then down half a cosine that would reach 0 one
 * step after the last, ½ · peak · (1 + cos(π · t ÷ T)) with t and T counted from the end of the warm-up. Loshchilov & Hutter
 * 2017, “SGDR”, equation 5, with one period and no restart.
 * @param steps training steps
 * @param warmUp steps of the warm-up, fewer than `steps`; 0 for none
 * @throws measure-refused when the peak is not positive or the warm-up leaves no step
 */
export function learningRates({ peak, steps, warmUp }: { peak: number; steps: number; warmUp: number }): Float64Array {
  if (!(peak > 0 && peak < Infinity))
    throw new TransferEvidenceError('measure-refused', `A learning rate must be positive; ${peak} was given.`);
  if (!(Number.isInteger(steps) && Number.isInteger(warmUp) && warmUp >= 0 && warmUp < steps))
    throw new TransferEvidenceError(
      'measure-refused',
      `A warm-up must be a whole number of steps that leaves at least one step; ${warmUp} of ${steps} were given.`,
    );
  return Float64Array.from({ length: steps }, (_, step) =>
    step < warmUp
      ? (peak * (step + 1)) / warmUp
      : (peak * (1 + Math.cos((Math.PI * (step - warmUp)) / (steps - warmUp)))) / 2,
  );
}
