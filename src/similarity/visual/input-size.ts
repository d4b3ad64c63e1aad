/**
 * Side of what a network sees, in pixels. One size for all descriptions, the most common one, so that they do not depend
 * on the encoders of a run.
 */
export const inputSize = 224;

/** How an image is brought to it. */
export const inputResizing = { width: inputSize, height: inputSize, mode: 'crop' } as const;
