import { isScratch } from '../../controls.ts';
import type { Estimate, Evidence, Measurement, Reference } from '../../evidence/schema.ts';
import type { Manifest } from '../../manifest/schema.ts';
import { findComparison, measuredName } from '../../verdict/comparison.ts';
import { formatEstimate, formatValue } from '../../verdict/numbers.ts';
import type { TieGroup } from '../../verdict/types.ts';
import type { Block, Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { whiskers } from '../whiskers.ts';
import { metricOf } from './lead.ts';

const measure = 'probe.linear';

/** Every probe score beside the paired difference to the chosen source, in tie groups, with the controls below. */
export function performanceSection({ manifest, verdicts, evidence }: ReportInput): Section[] {
  if (manifest === null || verdicts === null || evidence === null) return [];
  const groups = verdicts.ranking.find((ranking) => ranking.measure === measure)?.groups ?? [];
  const scores = evidence.measurements.filter((m) => m.measure === measure && m.estimate !== null);
  if (groups.length === 0 || scores.length === 0) return [];
  const table = tableOf(manifest, evidence, groups, scores);
  const tied = groups[0]!.members.length > 1;
  const caption: Inline = [
    tied ? 'Same rank: not told apart from the best of that rank' : 'Each rank is told apart from the one above',
    ' (paired differences on the same splits, Holm-corrected). Brackets and bars: 95 % intervals.',
  ];
  return [
    {
      name: 'performance',
      title: `Does it perform? Linear probe, ${metricOf(evidence)} in points`,
      folded: false,
      weight: 80,
      blocks: [table, { kind: 'small', text: caption }],
    },
  ];
}

function tableOf(
  manifest: Manifest,
  evidence: Evidence,
  groups: readonly TieGroup[],
  scores: readonly Measurement[],
): Block {
  const order = groups.flatMap(({ members }) => members);
  const chosen = measuredName(manifest.chosen, order) ?? manifest.chosen;
  const byId = new Map(scores.map((m) => [m.candidate, m.estimate!]));
  const references = referencesOf(scores);
  const shown = order.map((id) => byId.get(id)!);
  const axis = { low: Math.min(...shown.map(({ low }) => low)), high: Math.max(...shown.map(({ high }) => high)) };
  const ranked = groups.flatMap(({ members }, index) =>
    members.map((id): Inline[] => {
      const estimate = byId.get(id)!;
      return [
        String(index + 1),
        nameCell(id, chosen),
        formatEstimate(measure, estimate, { unit: false }),
        { code: whiskers(estimate, axis) },
        differenceCell(evidence, id, chosen),
      ];
    }),
  );
  const controls = references.map((reference): Inline[] => {
    const { value, low = value, high = value } = reference;
    const estimate = { value, low, high };
    const number =
      reference.low === undefined
        ? formatValue(measure, value, { unit: false })
        : formatEstimate(measure, estimate, { unit: false });
    // Far below the candidates it would squeeze their bars together.
    const bar: Inline = value >= axis.low && value <= axis.high ? { code: whiskers(estimate, axis) } : '';
    return ['–', referenceWords[reference.name], number, bar, '–'];
  });
  return {
    kind: 'table',
    head: ['Rank', 'Source', 'Score', '', 'Minus chosen'],
    align: ['l', 'l', 'l', 'l', 'l'],
    rows: [...ranked, ...controls],
  };
}

const referenceWords: Record<Reference['name'], string> = {
  chance: 'chance',
  mean_colour: 'mean colour alone',
  scratch: 'random initialisation',
  split_half: 'two halves of the target',
};

/** Chance and the shortcut, once each; random initialisation stands in the ranking when it was measured itself. */
function referencesOf(scores: readonly Measurement[]): Reference[] {
  const measured = scores.some(({ candidate }) => isScratch(candidate));
  const found = new Map<string, Reference>();
  for (const reference of scores.flatMap(({ readAgainst }) => readAgainst))
    if (!(reference.name === 'scratch' && measured)) found.set(reference.name, found.get(reference.name) ?? reference);
  return [...found.values()].sort((a, b) => b.value - a.value);
}

function nameCell(id: string, chosen: string): Inline {
  const name: Inline = isScratch(id) ? id.replace(/^scratch/, 'random initialisation') : { code: id };
  return id === chosen ? [{ strong: name }, ' (chosen)'] : name;
}

function differenceCell(evidence: Evidence, id: string, chosen: string): Inline {
  if (id === chosen) return '–';
  const estimate: Estimate | null | undefined = findComparison(evidence, {
    measure,
    subject: id,
    object: chosen,
  })?.estimate;
  return estimate ? formatEstimate(measure, estimate, { signed: true, unit: false }) : '–';
}
