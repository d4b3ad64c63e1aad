import { TransferEvidenceError } from '../../errors.ts';
import { describe } from '../../onnx/check.ts';
import type { Step } from '../operator.ts';

/**
 * The numbers of an input that says where elements go.
 * @param role what they are, for the message: “starts”
 * @throws model-unsupported when they are not the same for every image
 */
export function fixedInput(step: Step, input: number, role: string): readonly number[] {
  const numbers = step.numbers(input);
  if (numbers) return numbers;
  throw new TransferEvidenceError(
    'model-unsupported',
    `The ${role} of node ${describe(step.node)} depend on the image or on a trained weight. Training needs constant ones; export the network with fixed shapes.`,
  );
}
