import type { Comparison, Evidence, Measurement } from '../../src/evidence/schema.ts';
import { transferabilityMeasures } from '../../src/measures.ts';
import { readsSourceHead } from '../../src/transferability/compare.ts';
import { estimateOf } from './evidence.ts';

/** The same evidence with every transferability score of these candidates, one of them far ahead in all. */
export function withScores(
  evidence: Evidence,
  ids: readonly string[],
  best: string,
  dimensions: Record<string, number> = {},
  heads: Record<string, number> = {},
): Evidence {
  const common = { n: { target: 400, groups: 400 }, seed: 7, key: 'score' };
  const scoreOf = (id: string) => (id === best ? 0.9 : 0.5);
  const measurements = transferabilityMeasures.flatMap((measure) =>
    ids.map(
      (candidate): Measurement => ({
        ...common,
        measure,
        candidate,
        estimate: measure === 'transferability.nleep' ? null : estimateOf(scoreOf(candidate), 0.03),
        ...(measure === 'transferability.nleep'
          ? { refused: 'NLEEP needs at least 50 images of every class; the rarest has 40. 10 more of it would do.' }
          : {}),
        readAgainst: [
          { name: 'label_shuffled', value: 0.25, low: 0.2, high: 0.31 },
          { name: 'mean_colour', value: 0.4, low: 0.37, high: 0.43 },
          { name: 'scratch', value: candidate === best ? 0.45 : 0.44 },
        ],
        p: 0.025,
        details: readsSourceHead(measure)
          ? { sourceClasses: heads[candidate] ?? 1000, shuffles: 39 }
          : { dimension: dimensions[candidate] ?? 1280, shuffles: 39 },
      }),
    ),
  );
  const comparisons = transferabilityMeasures.flatMap((measure) =>
    ids.flatMap((subject, i) =>
      ids.slice(i + 1).map((object): Comparison => {
        const unequal = (dimensions[subject] ?? 1280) !== (dimensions[object] ?? 1280);
        const refuses = unequal && (measure === 'transferability.h_score' || measure === 'transferability.gbc');
        return {
          ...common,
          measure,
          subject,
          object,
          estimate: refuses ? null : estimateOf(scoreOf(subject) - scoreOf(object), 0.04),
          ...(refuses ? { refused: `It grows with the number of features: ${subject} and ${object} differ.` } : {}),
        };
      }),
    ),
  );
  return {
    ...evidence,
    measurements: [...evidence.measurements, ...measurements],
    comparisons: [...evidence.comparisons, ...comparisons],
    findings: [
      ...evidence.findings,
      {
        code: 'measure_refused',
        about: 'run',
        measure: 'transferability.nleep',
        text: 'NLEEP needs at least 50 images of every class.',
      },
    ],
  };
}
