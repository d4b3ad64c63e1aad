import type { Evidence, Measurement, Reference } from '../../evidence/schema.ts';
import type { Manifest } from '../../manifest/schema.ts';
import { isTransferability, measures, type TransferabilityMeasure, transferabilityMeasures } from '../../measures.ts';
import { acrossDimensions } from '../../transferability/compare.ts';
import {
  knownReliability,
  type Reliability,
  reliabilitySource,
  reliabilityWord,
  staticReliability,
} from '../../transferability/known-reliability.ts';
import { formatEstimate, formatValue } from '../../verdict/numbers.ts';
import { alwaysImageNet, isSelfSource, largestSource } from '../../verdict/static-baselines.ts';
import type { Block, Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { joined, section } from './section.ts';

/** Scores read off features, folded: beside their nulls, what is known of each, and what one would pick without looking. */
export function transferabilitySection({ manifest, evidence }: ReportInput): Section[] {
  if (manifest === null || evidence === null) return [];
  const found = evidence.measurements.filter(({ measure }) => isTransferability(measure));
  if (!found.some(({ estimate }) => estimate !== null)) return [];
  const ids = manifest.candidates.map(({ id }) => id).filter((id) => found.some(({ candidate }) => candidate === id));
  const rows = transferabilityMeasures.flatMap((measure) => {
    const own = found.filter((one) => one.measure === measure);
    return own.length === 0 ? [] : [rowOf(measure, own, ids, selfSources(manifest, evidence))];
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
        rows: [...rows, ...picksOf(manifest, ids)],
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
    if (!estimate) return own.some(({ candidate }) => candidate === id) ? 'refused' : '–';
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
  const unequal = new Set(found.filter(({ estimate }) => estimate !== null).map(dimensionOf)).size > 1;
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
    `Known reliability: mean weighted τ with the fine-tuned order of 15 sources on 11 medical targets, and mean regret in AUC points (published results of ${reliabilitySource}); fair: a regret of 1 point or less; 5-NN has the numbers of a relative there, LogME, PARC and NLEEP those of known code with known faults. No score had less regret than always taking ImageNet (${staticReliability.imagenet.regret}).`,
  ];
}
