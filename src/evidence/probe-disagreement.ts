import { isControl } from '../controls.ts';
import { measures, type ProbeMeasure, trainedProbes } from '../measures.ts';
import type { Estimate, Evidence, Finding } from './schema.ts';

type Compared = Pick<Evidence, 'measurements' | 'comparisons'>;

/** More pairs than this are only counted. */
const told = 3;

/**
 * Where the linear probe and the strongest probe that trains part ways over two candidates. Opposite orders, each told apart, are
 * a disagreement; an order that only the linear probe shows is a note.
 */
export function disagreementFindings(evidence: Compared): Finding[] {
  const measure = trainedProbes.find((trained) =>
    evidence.measurements.some((found) => found.measure === trained && found.estimate !== null),
  );
  if (measure === undefined) return [];
  const opposite: string[] = [];
  const unconfirmed: string[] = [];
  for (const { measure: own, subject, object, estimate } of evidence.comparisons) {
    if (own !== 'probe.linear' || estimate === null || isControl(subject) || isControl(object)) continue;
    const trained = difference(evidence, measure, subject, object);
    const order = orderOf(evidence, 'probe.linear', subject, object, estimate);
    if (trained === undefined || order === 0) continue;
    const pair = order > 0 ? `${subject} ahead of ${object}` : `${object} ahead of ${subject}`;
    const other = orderOf(evidence, measure, subject, object, trained);
    if (other === -order) opposite.push(pair);
    else if (other === 0) unconfirmed.push(pair);
  }
  const { title } = measures[measure];
  return [
    ...(opposite.length === 0
      ? []
      : [
          {
            code: 'probes_disagree' as const,
            about: 'run',
            measure,
            text: `The probes disagree: the linear probe puts ${list(opposite)}, the ${title} the other way round. What frozen features hold and what training makes of them are two things; the ${title} is nearer to use.`,
          },
        ]),
    ...(unconfirmed.length === 0
      ? []
      : [
          {
            code: 'not_confirmed' as const,
            about: 'run',
            measure,
            text: `The linear probe puts ${list(unconfirmed)}; the ${title} does not show it.`,
          },
        ]),
  ];
}

/** 1 when the subject is told apart as better, −1 as worse, 0 otherwise: by the paired difference or by intervals that lie apart. */
function orderOf(
  { measurements }: Compared,
  measure: ProbeMeasure,
  subject: string,
  object: string,
  paired: Estimate,
): 1 | 0 | -1 {
  if (paired.low > 0) return 1;
  if (paired.high < 0) return -1;
  const own = (id: string) =>
    measurements.find((found) => found.measure === measure && found.candidate === id)?.estimate ?? undefined;
  const [a, b] = [own(subject), own(object)];
  if (a === undefined || b === undefined) return 0;
  if (a.low > b.high) return 1;
  return a.high < b.low ? -1 : 0;
}

/** subject − object, whichever way round it is stored. */
function difference(
  { comparisons }: Compared,
  measure: ProbeMeasure,
  subject: string,
  object: string,
): Estimate | undefined {
  for (const found of comparisons) {
    if (found.measure !== measure || found.estimate === null) continue;
    if (found.subject === subject && found.object === object) return found.estimate;
    if (found.subject === object && found.object === subject) {
      const { value, low, high } = found.estimate;
      return { ...found.estimate, value: -value, low: -high, high: -low };
    }
  }
  return undefined;
}

function list(pairs: readonly string[]): string {
  const rest = pairs.length - told;
  return `${pairs.slice(0, told).join(', ')}${rest > 0 ? ` (and ${rest} more ${rest === 1 ? 'pair' : 'pairs'})` : ''}`;
}
