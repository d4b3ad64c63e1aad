/** Stands where the reason belongs. Left as it is, the choice counts as undocumented. */
export const templateReason = 'Write here, in a sentence or two, why this source and not the others.';

/** The shortest useful manifest, ready to paste. */
export const smallestManifest = `version: 1
target:
  name: my-task
  data: data/target            # a folder per class
candidates:
  - id: imagenet
    weights: weights/imagenet.onnx
    sample: data/imagenet-sample
  - id: radimagenet
    weights: weights/radimagenet.onnx
chosen: radimagenet
justification: ${templateReason}
`;
