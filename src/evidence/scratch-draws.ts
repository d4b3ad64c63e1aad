import { digestOf } from '../digest.ts';
import { overDraws } from '../statistics/draws.ts';
import type { ProbeEvidence } from './probes.ts';
import type { Comparison, Estimate } from './schema.ts';

/**
 * Random initialisations drawn of each architecture. One draw says little of random initialisation: between draws the
 * scores of small networks were seen to differ by several points.
 */
export const scratchDraws = 3;

/** Name of one draw, as long as the draws are told apart. */
export function drawName(control: string, draw: number): string {
  return `${control} #${draw}`;
}

/** The same evidence with the draws of each control put together under the control's name. */
export function withDrawsMerged(evidence: ProbeEvidence, controls: readonly string[]): ProbeEvidence {
  const drawsOf = new Map(
    controls.map((control) => [control, Array.from({ length: scratchDraws }, (_, draw) => drawName(control, draw))]),
  );
  const controlOf = new Map([...drawsOf].flatMap(([control, draws]) => draws.map((draw) => [draw, control] as const)));
  const named = (id: string) => controlOf.get(id) ?? id;

  const known = new Set([...evidence.known].filter((id) => !controlOf.has(id)));
  const results = new Map(evidence.results);
  const scores = new Map(evidence.scores);
  const keys = new Map(evidence.keys);
  for (const [control, draws] of drawsOf) {
    const all = draws.map((draw) => evidence.results.get(draw)!);
    results.set(control, { ...all[0]!, converged: all.every(({ converged }) => converged) });
    scores.set(control, overDraws(draws.map((draw) => evidence.scores.get(draw)!)));
    keys.set(control, digestOf(draws.map((draw) => evidence.keys.get(draw))));
    if (draws.every((draw) => evidence.known.has(draw))) known.add(control);
    for (const map of [results, scores, keys]) for (const draw of draws) map.delete(draw);
  }

  const pairs = new Map<string, Comparison[]>();
  for (const comparison of evidence.comparisons) {
    const [subject, object] = [named(comparison.subject), named(comparison.object)];
    if (subject === object) continue;
    const key = `${subject}\u0000${object}`;
    pairs.set(key, [...(pairs.get(key) ?? []), { ...comparison, subject, object }]);
  }
  const comparisons = [...pairs.values()].map((of): Comparison => {
    const [first] = of as [Comparison];
    if (of.length === 1) return first;
    const estimates = of.map(({ estimate }) => estimate).filter((estimate): estimate is Estimate => estimate !== null);
    return { ...first, estimate: overDraws(estimates, scratchDraws), key: digestOf(of.map(({ key }) => key)) };
  });
  return { ...evidence, results, scores, keys, known, comparisons };
}
