import { isScratch } from '../../controls.ts';
import type { Evidence, Measurement } from '../../evidence/schema.ts';
import { type TrainedProbe, trainedProbes } from '../../measures.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { titleOf } from './lead.ts';
import { section } from './section.ts';

/** How networks were trained, folded: the settings that all share, and for each what was chosen and what broke down. */
export function trainingSection({ evidence }: ReportInput): Section[] {
  if (evidence === null) return [];
  const blocks = trainedProbes.flatMap((measure) => blocksOf(evidence, measure));
  return blocks.length === 0
    ? []
    : [section('how networks were trained', 'How networks were trained', true, 21, ...blocks)];
}

function blocksOf({ measurements }: Evidence, measure: TrainedProbe): Block[] {
  const trained = measurements.filter((found) => found.measure === measure && found.details.steps !== undefined);
  if (trained.length === 0) return [];
  return [
    { kind: 'paragraph', text: [{ strong: `${titleOf(measure)}: ` }, `${settingsOf(trained)}.`] },
    {
      kind: 'table',
      head: ['Network', 'Learning rates chosen', 'Broke down', 'Weights'],
      align: ['l', 'l', 'l', 'l'],
      rows: trained.map(({ candidate, details }): Inline[] => [
        isScratch(candidate) ? candidate.replace(/^scratch/, 'random initialisation') : { code: candidate },
        clip(String(details.chosenLearningRates ?? '–'), 120),
        details.collapsed === null || details.collapsed === undefined
          ? 'no'
          : `${details.collapsed}, ${details.collapsedSeeds} of ${details.seeds} seeds`,
        isScratch(candidate) ? 'random' : typeof details.proxy === 'string' ? `proxy (${details.proxy})` : 'its own',
      ]),
    },
  ];
}

const shared = [
  ['strategy', ''],
  ['optimiser', ''],
  ['batch', 'batch of '],
  ['epochs', 'epochs: '],
  ['augmentation', 'augmentation: '],
  ['formulation', 'formulation: '],
  ['device', 'device: '],
] as const;

/** What is the same for all stands once; what is not, as every value there is. */
function settingsOf(trained: readonly Measurement[]): string {
  return shared
    .flatMap(([key, before]) => {
      const values = [...new Set(trained.flatMap(({ details }) => details[key] ?? []).map(String))];
      return values.length === 0 ? [] : [`${before}${values.map((value) => clip(value, 80)).join(' / ')}`];
    })
    .join(' · ');
}
