/** The library's front door: the pipeline, and the values that flow through it. */
export { type ErrorCode, TransferEvidenceError } from './errors.ts';
export { type Comparison, type Evidence, evidenceSchema, type Measurement } from './evidence/schema.ts';
export { type NpyRows, openNpyRows } from './features/npy-rows.ts';
export { type Products, plainProducts } from './linear-algebra/products.ts';
export { type RuntimeProducts, runtimeProducts } from './linear-algebra/runtime-products.ts';
export { checkManifest } from './manifest/check.ts';
export { lint } from './manifest/lint.ts';
export { loadManifest, parseManifest } from './manifest/load.ts';
export { type Manifest, manifestSchema } from './manifest/schema.ts';
export { type Matrix, matrix } from './matrix.ts';
export { type MeasureName, measures } from './measures.ts';
export { type Review, type ReviewOptions, review } from './review.ts';
export { compareSets } from './similarity/compare.ts';
export { centroidCosine } from './similarity/embedding/centroid-cosine.ts';
export { cmmd, unbiasedCmmd } from './similarity/embedding/cmmd.ts';
export { type KidSubset, type SubsetKid, type SubsetKidOptions, subsetKid } from './similarity/embedding/compat/kid.ts';
export {
  type DomainClassifier,
  type DomainClassifierOptions,
  domainClassifier,
} from './similarity/embedding/domain-classifier.ts';
export { fid, fidOfMoments } from './similarity/embedding/fid.ts';
export { kid } from './similarity/embedding/kid.ts';
export { type CkaOptions, linearCka } from './similarity/embedding/linear-cka.ts';
export { mind } from './similarity/embedding/mind.ts';
export { medianBandwidth, mmd } from './similarity/embedding/mmd.ts';
export { type Moments, momentsOfChunks } from './similarity/embedding/moments.ts';
export { coverage, density, type PrdcOptions, precision, recall } from './similarity/embedding/prdc.ts';
export { type SlicedOptions, slicedWasserstein } from './similarity/embedding/sliced-wasserstein.ts';
export { type StreamedSet, streamedFid } from './similarity/embedding/streamed-fid.ts';
export { type VendiOptions, vendi } from './similarity/embedding/vendi.ts';
export { kendallTauB, kendallW } from './statistics/agreement.ts';
export { clopperPearson } from './statistics/clopper-pearson.ts';
export { type DeLong, type DeLongPair, deLong, deLongPaired } from './statistics/delong.ts';
export { type McNemar, mcNemar } from './statistics/mcnemar.ts';
export { kendallWPermutationP, type PermutationP, permutationP } from './statistics/permutation-p.ts';
export { regretAt } from './statistics/regret.ts';
export { spearman } from './statistics/spearman.ts';
export { weightedTau } from './statistics/weighted-tau.ts';
export { wilson } from './statistics/wilson.ts';
export { type Batch, type LossAndGradients, lossAndGradients } from './training/loss-and-gradients.ts';
export {
  type ScoreRequest,
  type ScoreResult,
  scoreCandidate,
  scoreDifference,
  scoreEstimate,
  shuffledP,
} from './transferability/compare.ts';
export { googleSphericalGbc } from './transferability/compat/gbc.ts';
export { sfdaLeep, sfdaNleep } from './transferability/compat/leep.ts';
export { thumlLogMe, tllibLogMe } from './transferability/compat/log-me.ts';
export { dbolyaParc } from './transferability/compat/parc.ts';
export { gbc } from './transferability/gbc.ts';
export { type Knn, type KnnOptions, knn, knnMcNemar } from './transferability/knn.ts';
export { leep } from './transferability/leep.ts';
export { type LogMe, logMe } from './transferability/log-me.ts';
export { nce } from './transferability/nce.ts';
export { type Nleep, type NleepOptions, nleep } from './transferability/nleep.ts';
export { type ParcOptions, parc } from './transferability/parc.ts';
export { type RegularisedHScore, regularisedHScore } from './transferability/regularised-h-score.ts';
export { decide } from './verdict/decide.ts';
export { judge } from './verdict/judge.ts';
export type { Decision, Verdicts } from './verdict/types.ts';
