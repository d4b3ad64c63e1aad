/** The library's front door: the pipeline, and the values that flow through it. */
export { type ErrorCode, TransferEvidenceError } from './errors.ts';
export { type Comparison, type Evidence, evidenceSchema, type Measurement } from './evidence/schema.ts';
export { checkManifest } from './manifest/check.ts';
export { lint } from './manifest/lint.ts';
export { loadManifest, parseManifest } from './manifest/load.ts';
export { type Manifest, manifestSchema } from './manifest/schema.ts';
export { type Matrix, matrix } from './matrix.ts';
export { type MeasureName, measures } from './measures.ts';
export { type Review, type ReviewOptions, review } from './review.ts';
export { compareSets } from './similarity/compare.ts';
export { type Batch, type LossAndGradients, lossAndGradients } from './training/loss-and-gradients.ts';
export { decide } from './verdict/decide.ts';
export { judge } from './verdict/judge.ts';
export type { Decision, Verdicts } from './verdict/types.ts';
