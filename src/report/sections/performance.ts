import { isScratch } from '../../controls.ts';
import type { Estimate, Evidence, Reference } from '../../evidence/schema.ts';
import type { Manifest } from '../../manifest/schema.ts';
import { isTrainedProbe, type ProbeMeasure, probeMeasures } from '../../measures.ts';
import { findComparison, measuredName } from '../../verdict/comparison.ts';
import { formatEstimate, formatValue } from '../../verdict/numbers.ts';
import { decidingProbe, type Field, fieldOfCandidate, type Scored, scoresOf } from '../../verdict/probes.ts';
import type { TieGroup, Verdicts } from '../../verdict/types.ts';
import type { Block, Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { whiskers } from '../whiskers.ts';
import { rankWords } from '../words.ts';
import { metricOf, titleOf } from './lead.ts';
import { screeningInShort, trainingDone } from './training-words.ts';

/**
 * Every score of the probe that decides beside the paired difference to the chosen source, in tie groups, with the controls below
 * and the other probes' scores beside. Candidates with weights and proxies stand apart.
 */
export function performanceSection({ manifest, verdicts, evidence }: ReportInput): Section[] {
  if (manifest === null || verdicts === null || evidence === null) return [];
  const own = fieldOfCandidate(evidence, manifest.chosen);
  const fields: Field[] = own === 'weights' ? ['weights', 'proxies'] : ['proxies', 'weights'];
  return fields.flatMap((field) => {
    const measure = decidingProbe(evidence, field);
    return measure === null ? [] : sectionOf({ manifest, evidence, field, measure }, verdicts);
  });
}

interface Table {
  manifest: Manifest;
  evidence: Evidence;
  field: Field;
  /** The probe that decides in this field. */
  measure: ProbeMeasure;
}

function sectionOf(table: Table, { ranking }: Verdicts): Section {
  const { evidence, field, measure } = table;
  const proxies = field === 'proxies';
  const { groups } = ranking.find((one) => one.measure === measure && (one.proxies ?? false) === proxies)!;
  const rank = `${rankWords(groups, 'paired differences on the same splits')} Brackets and bars: 95 % intervals.`;
  const done = isTrainedProbe(measure) ? trainingDone(evidence, measure) : null;
  return {
    name: proxies ? 'performance of proxies' : 'performance',
    title: `${proxies ? 'Do proxies perform?' : 'Does it perform?'} ${titleOf(measure)}, ${metricOf(evidence)} in points`,
    folded: false,
    weight: proxies ? 79 : 80,
    blocks: [
      tableOf(table, groups),
      { kind: 'small', text: rank },
      ...(proxies
        ? [
            small(
              'Proxies are small built-in networks pretrained here on the sources’ images: they say nothing about any published weights.',
            ),
          ]
        : []),
      ...(done === null ? [] : [small(`${done} ${screeningInShort}`)]),
    ],
  };
}

const small = (text: string): Block => ({ kind: 'small', text });

const columnWords: Record<ProbeMeasure, string> = {
  'probe.finetune': 'Fine-tuned',
  'probe.last_block': 'Last block trained',
  'probe.linear': 'Linear probe',
};

function tableOf(table: Table, groups: readonly TieGroup[]): Block {
  const { manifest, evidence, field, measure } = table;
  const scores = scoresOf(evidence, measure, field);
  const others = probeMeasures
    .filter((other) => other !== measure)
    .map((other) => ({ measure: other, scores: scoresOf(evidence, other, field) }))
    .filter((other) => other.scores.length > 0);
  const order = groups.flatMap(({ members }) => members);
  const chosen = measuredName(manifest.chosen, order) ?? manifest.chosen;
  // Nothing is subtracted from a source that stands in the other table.
  const withChosen = order.includes(chosen);
  const byId = new Map(scores.map((m) => [m.candidate, m.estimate]));
  const shown = order.map((id) => byId.get(id)!);
  const axis = { low: Math.min(...shown.map(({ low }) => low)), high: Math.max(...shown.map(({ high }) => high)) };
  const row = (
    rank: string,
    name: Inline,
    score: Inline,
    bar: Inline,
    difference: string,
    beside: Inline[],
  ): Inline[] => [rank, name, score, bar, ...(withChosen ? [difference] : []), ...beside];
  const beside = (id: string): Inline[] =>
    others.map((other) => {
      const found = other.scores.find(({ candidate }) => candidate === id);
      return found ? formatEstimate(other.measure, found.estimate, { unit: false }) : '–';
    });
  const ranked = groups.flatMap(({ members }, index) =>
    members.map((id) => {
      const estimate = byId.get(id)!;
      return row(
        String(index + 1),
        nameCell(id, chosen),
        formatEstimate(measure, estimate, { unit: false }),
        { code: whiskers(estimate, axis) },
        differenceCell(evidence, measure, id, chosen),
        beside(id),
      );
    }),
  );
  const unranked = [...new Set(others.flatMap((other) => other.scores.map(({ candidate }) => candidate)))]
    .filter((id) => !byId.has(id))
    .map((id) => row('–', nameCell(id, chosen), '–', '', '–', beside(id)));
  const controls = referencesOf(scores).map((reference) => {
    const { value, low = value, high = value } = reference;
    // Far below the candidates it would squeeze their bars together.
    const bar: Inline = value >= axis.low && value <= axis.high ? { code: whiskers({ value, low, high }, axis) } : '';
    const same = others.map((other): Inline => {
      const found = referencesOf(other.scores).find(({ name }) => name === reference.name);
      return found ? referenceCell(other.measure, found) : '–';
    });
    return row('–', referenceWords[reference.name], referenceCell(measure, reference), bar, '–', same);
  });
  const head: Inline[] = [
    'Rank',
    'Source',
    others.length === 0 ? 'Score' : columnWords[measure],
    '',
    ...(withChosen ? ['Minus chosen'] : []),
    ...others.map((other) => columnWords[other.measure]),
  ];
  return { kind: 'table', head, align: head.map(() => 'l' as const), rows: [...ranked, ...unranked, ...controls] };
}

const referenceWords: Record<Reference['name'], string> = {
  chance: 'chance',
  mean_colour: 'mean colour alone',
  scratch: 'random initialisation',
  split_half: 'two halves of the target',
  label_shuffled: 'shuffled labels',
};

/** Chance and the shortcut, once each; random initialisation stands in the ranking when it was measured itself. */
function referencesOf(scores: readonly Scored[]): Reference[] {
  const measured = scores.some(({ candidate }) => isScratch(candidate));
  const found = new Map<string, Reference>();
  for (const reference of scores.flatMap(({ readAgainst }) => readAgainst))
    if (!(reference.name === 'scratch' && measured)) found.set(reference.name, found.get(reference.name) ?? reference);
  return [...found.values()].sort((a, b) => b.value - a.value);
}

function referenceCell(measure: ProbeMeasure, { value, low, high = value }: Reference): string {
  return low === undefined
    ? formatValue(measure, value, { unit: false })
    : formatEstimate(measure, { value, low, high }, { unit: false });
}

function nameCell(id: string, chosen: string): Inline {
  const name: Inline = isScratch(id) ? id.replace(/^scratch/, 'random initialisation') : { code: id };
  return id === chosen ? [{ strong: name }, ' (chosen)'] : name;
}

function differenceCell(evidence: Evidence, measure: ProbeMeasure, id: string, chosen: string): string {
  if (id === chosen) return '–';
  const estimate: Estimate | null | undefined = findComparison(evidence, {
    measure,
    subject: id,
    object: chosen,
  })?.estimate;
  return estimate ? formatEstimate(measure, estimate, { signed: true, unit: false }) : '–';
}
