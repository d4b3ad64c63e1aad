import type { Evidence } from '../../evidence/schema.ts';
import { isTrainedProbe, type TrainedProbe } from '../../measures.ts';
import { formatCount } from '../../verdict/numbers.ts';
import type { Inline } from '../document.ts';
import { counted } from '../words.ts';

/**
 * How often the best of so many random configurations a source is found on the source that a full search finds best, and the rank
 * correlation (Kendall's τ, weighted) of the two orders: 15 sources, 11 medical targets. Computed from the published results of
 * arXiv 2412.20172.
 */
const published = [
  { configurations: 1, best: 28, correlation: 0.13 },
  { configurations: 3, best: 46, correlation: 0.27 },
  { configurations: 5, best: 55, correlation: 0.34 },
] as const;

/** With this many, three in four or so would still not be reached: what is above is screening. */
const further = { configurations: 10, best: 64 } as const;

/** What a probe that trains did, the same for all: images, seeds, learning rates, steps. `null` where it did not run. */
export function trainingDone(evidence: Evidence, measure: TrainedProbe): string | null {
  const run = evidence.probes.find((probe) => probe.measure === measure)?.run;
  if (!run) return null;
  const { images, seeds, learningRates, steps } = run;
  const rates =
    learningRates === 1 ? '1 learning rate' : `${learningRates} learning rates (validation images choose one)`;
  return `Every source and control was trained alike: ${counted(images, 'target image')}, ${seeds} seeds with training, validation and test images of their own, ${rates}, ${formatCount(steps)} steps a run.`;
}

/** For beside the numbers; what it rests on stands under the limits. */
export const screeningInShort =
  'So short a search screens and does not decide: it often misses the source that a long one finds best (see “What this cannot tell you”).';

/** What so short a search cannot tell, in published numbers. */
export function screeningLimit(evidence: Evidence): string {
  const tried = Math.min(
    ...evidence.measurements.flatMap(({ measure, details }) =>
      isTrainedProbe(measure) && typeof details.learningRates === 'number' ? [details.learningRates] : [],
    ),
    published.at(-1)!.configurations,
  );
  const known = published.findLast(({ configurations }) => configurations <= tried) ?? published[0];
  const { configurations, best, correlation } = known;
  return `Fine-tuning this short is a screening: with ${counted(configurations, 'configuration')} a source, published results on 15 sources and 11 medical targets name the source that is best in the end in ${best} % of cases (rank correlation ${correlation}); with ${further.configurations}, in ${further.best} % (arXiv 2412.20172).`;
}

/** What a proxy is and is not. */
export const proxyLimit: Inline =
  'A proxy is a small built-in network, pretrained here for a short time on the images of a source that has no weights: it says something about these images under that network and budget, and nothing about any published weights. Proxies are compared with proxies and with random initialisation of the same network only.';
