import { TransferEvidenceError } from '../errors.ts';
import { elements } from '../onnx/model.ts';
import type { ProbeProtocol } from '../probe/protocol.ts';
import { dimsOf, type ImageShape } from './augmentation.ts';

/** All images of the target as one network takes them, and what they show. */
export interface TrainingData {
  /** n × one image, row-major. */
  images: Float32Array;
  /** Class indices of each image: one, or any number for multi-label. */
  labels: readonly (readonly number[])[];
}

/** @throws shape-mismatch when images, labels and what is said of them do not fit each other */
export function checkData(
  { images, labels }: TrainingData,
  { image, classes, task }: { image: ImageShape; classes: number; task: ProbeProtocol['task'] },
): void {
  const refuse = (expected: string) => {
    throw new TransferEvidenceError('shape-mismatch', `Training needs ${expected}.`);
  };
  const length = elements(dimsOf(image));
  if (labels.length === 0) refuse('images; none were given');
  if (images.length !== labels.length * length)
    refuse(`${labels.length} images of ${length} numbers; ${images.length} numbers were given`);
  for (const [i, own] of labels.entries()) {
    if (task !== 'multilabel' && own.length !== 1) refuse(`one class for each image; image ${i} has ${own.length}`);
    for (const label of own)
      if (!(Number.isInteger(label) && label >= 0 && label < classes))
        refuse(`classes below ${classes}; image ${i} has ${label}`);
  }
}

/** n × outputs, row-major: 1 for each class that an image shows, else 0. */
export function targetsOf(labels: TrainingData['labels'], outputs: number): Float32Array {
  const targets = new Float32Array(labels.length * outputs);
  labels.forEach((own, row) => {
    for (const label of own) targets[row * outputs + label] = 1;
  });
  return targets;
}
