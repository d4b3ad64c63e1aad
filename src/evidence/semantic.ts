import { contradictionsOf } from '../semantic/card.ts';
import { type ColourConflict, colourConflict } from '../semantic/colour.ts';
import { compareCards } from '../semantic/compare.ts';
import { type SpectrumConflict, spectrumConflict } from '../semantic/spectrum.ts';
import { visualSlice } from '../similarity/visual/index.ts';
import type { Plan } from './plan.ts';
import type { Finding, SemanticTable } from './schema.ts';
import type { DescribedSet } from './similarity.ts';

/** What is declared of each candidate beside the target, and where declarations contradict each other, themselves or the images. */
export function collectSemantics(
  { candidates, declared, target }: Pick<Plan, 'candidates' | 'declared' | 'target'>,
  read: { target: DescribedSet | null; sources: ReadonlyMap<string, DescribedSet> },
): { semantic: SemanticTable[]; findings: Finding[] } {
  const sets = [
    { about: 'target', card: declared.target.card, images: target.dataset.images.length, read: read.target },
    ...candidates.map(({ id, sample }, index) => ({
      about: id,
      card: declared.candidates[index]!.card,
      images: sample?.dataset.images.length ?? null,
      read: read.sources.get(id) ?? null,
    })),
  ];
  const findings = sets.flatMap(({ about, card, images, read: described }): Finding[] => {
    const contradictions = contradictionsOf(card, images);
    const conflict = described?.visual ? colourConflict(card.modality, greyImages(described)) : null;
    const spectral = described?.visual ? spectrumConflict(card.modality, spectraOf(described)) : null;
    return [
      ...declared.cards.filter((note) => note.about === about).map(({ code, text }) => ({ code, about, text })),
      ...(contradictions.length === 0
        ? []
        : [
            {
              code: 'card_contradictory' as const,
              about,
              text: `What ${Object.values(card.from).includes('card') ? 'the manifest and the card declare' : 'the manifest declares'} of ${nameOf(about)} contradicts itself: ${contradictions.join('; ')}. Correct one side.`,
            },
          ]),
      ...(conflict === null
        ? []
        : [
            {
              code: 'modality_and_colour_disagree' as const,
              about,
              text: conflictText(about, card.modality, conflict),
            },
          ]),
      ...(spectral === null
        ? []
        : [
            {
              code: 'modality_and_spectrum_disagree' as const,
              about,
              text: spectrumText(about, card.modality, spectral),
            },
          ]),
    ];
  });
  return {
    semantic: candidates.map(({ id }, index) => ({
      candidate: id,
      rows: compareCards(declared.target.card, declared.candidates[index]!.card),
    })),
    findings,
  };
}

function greyImages({ visual }: DescribedSet): boolean[] {
  return Array.from(visualSlice(visual!, 'visual.grey_share').data, (value) => value === 1);
}

function conflictText(about: string, modality: readonly string[], conflict: ColourConflict): string {
  const { expected, greyShare, low, high, images } = conflict;
  const percent = (share: number) => Math.round(100 * share);
  return (
    `${modality.join(', ')} is declared for ${nameOf(about)}, which is ${expected === 'grey' ? 'grey' : 'in colour'}, but ${percent(greyShare)} % of its ` +
    `${images} images are grey [${percent(low)}, ${percent(high)}]. Check coding.modality, and whether images were converted or others are mixed in.`
  );
}

function spectraOf({ visual, groups }: DescribedSet): { slope: number; highFrequency: number; group: string }[] {
  const slopes = visualSlice(visual!, 'visual.spectrum_slope').data;
  const shares = visualSlice(visual!, 'visual.high_frequency').data;
  return groups.map((group, row) => ({ slope: slopes[row]!, highFrequency: shares[row]!, group }));
}

function spectrumText(about: string, modality: readonly string[], conflict: SpectrumConflict): string {
  const { published, bound, exponent, share, low, high, images } = conflict;
  const percent = (part: number) => Math.round(100 * part);
  return (
    `${modality.join(', ')} is declared for ${nameOf(about)}, but its ${images} images have the spectrum of noise: exponent ${Math.abs(exponent).toFixed(1)}, ` +
    `below ${bound} in ${percent(share)} % [${percent(low)}, ${percent(high)}]; published are ${published}. Check coding.modality, and whether images are damaged.`
  );
}

function nameOf(about: string): string {
  return about === 'target' ? 'the target' : about;
}
