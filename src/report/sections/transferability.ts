import type { Evidence, Measurement, Reference } from '../../evidence/schema.ts';
import type { Manifest } from '../../manifest/schema.ts';
import { isTransferability, measures, type TransferabilityMeasure, transferabilityMeasures } from '../../measures.ts';
import { acrossDimensions, readsSourceHead } from '../../transferability/compare.ts';
import {
  knownReliability,
  type Reliability,
  reliabilityElsewhere,
  reliabilitySource,
  reliabilityWord,
  staticReliability,
} from '../../transferability/known-reliability.ts';
import { formatEstimate, formatValue } from '../../verdict/numbers.ts';
import { alwaysImageNet, bestElsewhere, isSelfSource, largestSource } from '../../verdict/static-baselines.ts';
import type { Block, Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { counted } from '../words.ts';
import { joined, section } from './section.ts';

/** Scores read off features, folded: beside their nulls, what is known of each, and what one would pick without looking. */
export function transferabilitySection({ manifest, evidence }: ReportInput): Section[] {
  if (manifest === null || evidence === null) return [];
  const found = evidence.measurements.filter(({ measure }) => isTransferability(measure));
  const elsewhere = evidence.otherTargets?.ranks ?? [];
  if (elsewhere.length === 0 && !found.some(({ estimate }) => estimate !== null)) return [];
  const ids = manifest.candidates
    .map(({ id }) => id)
    .filter((id) => [...found, ...elsewhere].some(({ candidate }) => candidate === id));
  const rows = transferabilityMeasures.flatMap((measure) => {
    const own = found.filter((one) => one.measure === measure);
    return own.every(isHeadless) ? [] : [rowOf(measure, own, ids, selfSources(manifest, evidence))];
  });
  const references = (['label_shuffled', 'mean_colour', 'scratch'] as const).map((name) => headOf[name]);
  return [
    section(
      'the transferability scores',
      'Transferability scores: what features alone predict (they decide nothing)',
      true,
      18,
      {
        kind: 'table',
        head: ['Higher is better', ...ids.map((id) => ({ code: id })), ...references, 'Known reliability'],
        align: ['l'],
        rows: [...rows, ...picksOf(manifest, ids), ...elsewhereOf(evidence, ids)],
      },
      ...notesOf(evidence, found, ids, manifest).map((text): Block => ({ kind: 'small', text })),
    ),
  ];
}

const headOf = { label_shuffled: 'Shuffled labels', mean_colour: 'Mean colour alone', scratch: 'Random weights' };

function rowOf(
  measure: TransferabilityMeasure,
  own: readonly Measurement[],
  ids: readonly string[],
  selves: readonly string[],
): Inline[] {
  const { title, unit }: { title: string; unit: string } = measures[measure];
  const best = bestOf(measure, own);
  const cells = ids.map((id): Inline => {
    const estimate = own.find(({ candidate }) => candidate === id)?.estimate;
    if (!estimate) return own.some((one) => one.candidate === id && !isHeadless(one)) ? 'refused' : '–';
    const shown = formatEstimate(measure, estimate, { unit: false });
    if (id !== best) return shown;
    return selves.includes(id) ? [{ strong: shown }, ' self-source'] : { strong: shown };
  });
  const beside = (name: Reference['name']) => {
    // Random weights are each network's own: shown as a range where there are several.
    const all = own.flatMap(({ readAgainst }) => readAgainst.filter((one) => one.name === name));
    return all.length === 0 ? '–' : rangeOf(measure, all);
  };
  return [
    unit === '' ? title : `${title}, ${unit}`,
    ...cells,
    beside('label_shuffled'),
    beside('mean_colour'),
    beside('scratch'),
    reliabilityOf(knownReliability[measure]),
  ];
}

/** The candidate with the highest value; none where candidates cannot be compared. */
function bestOf(measure: TransferabilityMeasure, own: readonly Measurement[]): string | null {
  const scored = own.filter(({ estimate }) => estimate !== null);
  if (scored.length < 2 || !(acrossDimensions(measure) || new Set(scored.map(dimensionOf)).size === 1)) return null;
  return scored.reduce((best, one) => (one.estimate!.value > best.estimate!.value ? one : best)).candidate;
}

function dimensionOf({ details }: Measurement): unknown {
  return details.dimension;
}

/** From the lowest to the highest that any of these states. */
function rangeOf(measure: TransferabilityMeasure, references: readonly Reference[]): string {
  let [low, high] = [Infinity, -Infinity];
  for (const { value, low: own = value, high: top = value } of references)
    [low, high] = [Math.min(low, own), Math.max(high, top)];
  const shown = (value: number) => formatValue(measure, value, { unit: false });
  return shown(low) === shown(high) ? shown(low) : `${shown(low)} to ${shown(high)}`;
}

function reliabilityOf(known: Reliability | null): Inline {
  const word = reliabilityWord(known);
  return known === null ? word : [word, ` (τw ${known.tau.toFixed(2)}, regret ${known.regret.toFixed(2)})`];
}

/** What one would have picked without looking at an image. */
function picksOf(manifest: Manifest, ids: readonly string[]): Inline[][] {
  const row = (name: string, picks: readonly string[], known: Reliability): Inline[][] =>
    picks.length === 0
      ? []
      : [[name, ...ids.map((id) => (picks.includes(id) ? 'picks' : '–')), '–', '–', '–', reliabilityOf(known)]];
  return [
    ...row('Always ImageNet', alwaysImageNet(manifest), staticReliability.imagenet),
    ...row('Largest source', largestSource(manifest), staticReliability.largest),
  ];
}

/** How the candidates did where the store has seen them before. */
function elsewhereOf(evidence: Evidence, ids: readonly string[]): Inline[][] {
  if (evidence.otherTargets === undefined) return [];
  const { targets, ranks } = evidence.otherTargets;
  const best = bestElsewhere(evidence);
  const cells = ids.map((id): Inline => {
    const own = ranks.find(({ candidate }) => candidate === id);
    if (own === undefined) return '–';
    const shown = own.meanRank.toFixed(1);
    return best.includes(id) ? { strong: shown } : shown;
  });
  const name = `Mean rank on ${counted(targets, 'other target')} (1 is best)`;
  return [[name, ...cells, '–', '–', '–', reliabilityOf(reliabilityElsewhere(targets))]];
}

/** LEEP or NCE of a network without a source head. */
function isHeadless({ details }: Measurement): boolean {
  return details.sourceClasses === null;
}

/** Candidates that were trained on the target, by what the manifest declares or the integrity check found. */
function selfSources({ candidates, target }: Manifest, { findings }: Evidence): string[] {
  const seen = new Set(findings.filter(({ code }) => code === 'weights_saw_target').map(({ about }) => about));
  return candidates.filter((one) => seen.has(one.id) || isSelfSource(one, target)).map(({ id }) => id);
}

function notesOf(
  evidence: Evidence,
  found: readonly Measurement[],
  ids: readonly string[],
  manifest: Manifest,
): Inline[] {
  const own = selfSources(manifest, evidence).filter((id) =>
    transferabilityMeasures.some(
      (measure) =>
        bestOf(
          measure,
          found.filter((one) => one.measure === measure),
        ) === id,
    ),
  );
  const dimensions = found.filter(
    ({ measure, estimate }) => isTransferability(measure) && !readsSourceHead(measure) && estimate !== null,
  );
  const unequal = new Set(dimensions.map(dimensionOf)).size > 1;
  const refused = evidence.comparisons.find(
    ({ measure, refused: why }) => isTransferability(measure) && !acrossDimensions(measure) && why !== undefined,
  );
  return [
    ...(own.length === 0
      ? []
      : [
          [
            'Self-source: ',
            ...joined(
              own.map((id) => ({ code: id })),
              ', ',
            ),
            ' was trained on the target, by what is declared or was found. That a score puts it first is no sign of anything: published LEEP, NLEEP and LogME did so for 8 to 11 of 11 targets.',
          ],
        ]),
    `Bold: highest of ${ids.length}, told apart or not. Brackets: 95 % intervals by leaving groups of images out. Shuffled labels: lowest and highest of 39 shuffles.`,
    ...(unequal && refused?.refused !== undefined ? [refused.refused] : []),
    ...headNotes(found),
    ...elsewhereNote(evidence),
    `Known reliability: mean weighted τ with the fine-tuned order of 15 sources on 11 medical targets, and mean regret in AUC points (published results of ${reliabilitySource}); fair: a regret of 1 point or less; 5-NN has the numbers of a relative there, LogME, PARC and NLEEP those of known code with known faults. No score had less regret than always taking ImageNet (${staticReliability.imagenet.regret}).`,
  ];
}

/** What LEEP and NCE read, once for both. */
function headNotes(found: readonly Measurement[]): Inline[] {
  const heads = found.filter(({ measure }) => measure === 'transferability.leep');
  const without = heads.filter(isHeadless).map(({ candidate }) => ({ code: candidate }));
  const sizes = heads.filter((one) => !isHeadless(one));
  const unequal = new Set(sizes.map(({ details }) => details.sourceClasses)).size > 1;
  // The table shows one range for all; with many source classes and few images a head's own may reach as high as it does.
  const byChance = found
    .filter(({ measure, p = 0 }) => isTransferability(measure) && readsSourceHead(measure) && p > 0.05)
    .map(({ measure, candidate }): Inline => [`${measures[measure].title} of `, { code: candidate }]);
  return [
    ...(without.length === 0
      ? []
      : [
          [
            'No source head: ',
            ...joined(without, ', '),
            '. LEEP and NCE read the classes that a network was pretrained to tell apart, so they need its file with the classifier right behind the features.',
          ],
        ]),
    ...(unequal
      ? [
          [
            'LEEP and NCE rise with the number of source classes (',
            ...joined(
              sizes.map(({ candidate, details }): Inline => [{ code: candidate }, ` ${details.sourceClasses}`]),
              ', ',
            ),
            '): part of a difference may be that alone.',
          ],
        ]
      : []),
    ...(byChance.length === 0
      ? []
      : [['No higher than under its own shuffled labels (p > 0.05): ', ...joined(byChance, ', '), '.']]),
  ];
}

function elsewhereNote({ otherTargets }: Evidence): Inline[] {
  if (otherTargets === undefined) return [];
  const { targets, fineTuned, ranks } = otherTargets;
  const by =
    fineTuned === targets
      ? 'by fine-tuning'
      : fineTuned === 0
        ? 'by the linear probe'
        : `by fine-tuning on ${fineTuned}, by the linear probe on the rest`;
  return [
    `Mean rank on other targets: of ${ranks.length} networks that this store has seen before on other images under another name, ${by}, weights and preprocessing as here. It looks at nothing of this target and decides nothing; its reliability is that of as many other targets in the published results, and grows with their number.`,
  ];
}
