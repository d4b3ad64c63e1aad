import { TransferEvidenceError } from '../errors.ts';
import type { Ops } from './ops.ts';
import type { Value } from './value.ts';

/** A loss and its gradient, derived together because they share nearly everything. */
export interface Loss {
  /** Scalar: the mean over the batch. */
  loss: Value;
  /** Of the logits' shape. */
  gradient: Value;
}

/**
 * Softmax cross-entropy: L = Σₙ Σₖ Tₙₖ · (−ln softmax(z)ₙₖ) ÷ Σₙ w(yₙ) with Tₙₖ = wₖ · ((1 − ε) · [k = yₙ] + ε ÷ K), the mean
 * weighted as PyTorch and scikit-learn weight it; label smoothing ε after Szegedy et al. 2016, equation 7.
 * @param logits [N, K]
 * @param targets one-hot, [N, K]
 * @param classWeights K numbers; default all 1
 */
export function softmaxCrossEntropy(
  ops: Ops,
  logits: Value,
  targets: Value,
  { smoothing = 0, classWeights }: { smoothing?: number; classWeights?: Float32Array } = {},
): Loss {
  const [images, classes] = dimensions(logits, targets);
  const weights = classWeights && ops.constant(classWeights, [1, classes]);
  const smooth =
    smoothing === 0 ? targets : ops.add(ops.scale(targets, 1 - smoothing), ops.scalar(smoothing / classes));
  const weighted = weights ? ops.mul(smooth, weights) : smooth;
  const shifted = ops.sub(logits, ops.reduce('ReduceMax', logits, [1]));
  const exponentials = ops.unary('Exp', shifted);
  const total = ops.reduce('ReduceSum', exponentials, [1]);
  const logProbabilities = ops.sub(shifted, ops.unary('Log', total));
  const norm = weights ? ops.reduce('ReduceSum', ops.mul(targets, weights), [0, 1], false) : ops.scalar(images);
  const sum = ops.reduce('ReduceSum', ops.mul(weighted, logProbabilities), [0, 1], false);
  const share = ops.reduce('ReduceSum', weighted, [1]);
  const difference = ops.sub(ops.mul(ops.div(exponentials, total), share), weighted);
  return { loss: ops.neg(ops.div(sum, norm)), gradient: ops.div(difference, norm) };
}

/**
 * Sigmoid cross-entropy over independent labels: the mean over images and labels of
 * max(z, 0) − z · t + ln(1 + exp(−|z|)), which does not overflow; gradient (σ(z) − t) ÷ (N · K).
 * @param logits [N, K]
 * @param targets 0 or 1, [N, K]
 * @param options smoothing ε moves targets to t · (1 − ε) + ε ÷ 2; classWeights K numbers, one a label
 */
export function sigmoidCrossEntropy(
  ops: Ops,
  logits: Value,
  targets: Value,
  { smoothing = 0, classWeights }: { smoothing?: number; classWeights?: Float32Array } = {},
): Loss {
  const [images, classes] = dimensions(logits, targets);
  const weights = classWeights && ops.constant(classWeights, [1, classes]);
  const wanted = smoothing === 0 ? targets : ops.add(ops.scale(targets, 1 - smoothing), ops.scalar(smoothing / 2));
  const rectified = ops.unary('Relu', logits);
  const tail = ops.unary('Log', ops.add(ops.unary('Exp', ops.neg(ops.unary('Abs', logits))), ops.scalar(1)));
  const each = ops.add(ops.sub(rectified, ops.mul(logits, wanted)), tail);
  const difference = ops.sub(ops.unary('Sigmoid', logits), wanted);
  const count = images * classes;
  const weighted = (value: Value) => (weights ? ops.mul(value, weights) : value);
  return {
    loss: ops.scale(ops.reduce('ReduceSum', weighted(each), [0, 1], false), 1 / count),
    gradient: ops.scale(weighted(difference), 1 / count),
  };
}

function dimensions(logits: Value, targets: Value): [images: number, classes: number] {
  const [images, classes] = logits.shape;
  if (
    logits.shape.length !== 2 ||
    targets.shape.length !== 2 ||
    targets.shape[1] !== classes ||
    targets.shape[0] !== images
  )
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A loss needs logits and targets of one shape [images, classes]; [${logits.shape.join()}] and [${targets.shape.join()}] were given.`,
    );
  return [images!, classes!];
}
