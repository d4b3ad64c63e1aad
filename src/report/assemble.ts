import type { ReportDocument } from './document.ts';
import type { ReportInput } from './input.ts';
import { markerFor } from './marker.ts';
import { chartSection } from './sections/chart.ts';
import { claimSections } from './sections/claims.ts';
import { consideredSection } from './sections/considered.ts';
import { encoderOrderSection } from './sections/encoder-order.ts';
import { intuitionSections } from './sections/intuition.ts';
import { headingOf, leadOf } from './sections/lead.ts';
import { networksSection } from './sections/networks.ts';
import { findingSections, limitsSection, problemSections, reproduceSection } from './sections/notes.ts';
import { performanceSection } from './sections/performance.ts';
import { propertiesSection } from './sections/properties.ts';
import { semanticSection } from './sections/semantic.ts';
import { allDistancesSection, similaritySection } from './sections/similarity.ts';
import { suggestionSection } from './sections/suggestion.ts';
import { trainingSection } from './sections/training.ts';
import { transferabilitySection } from './sections/transferability.ts';
import { trustSection } from './sections/trust.ts';

/** The report in reading order: verdict, action, claims, numbers, trust, and the rest folded. */
export function assemble(input: ReportInput): ReportDocument {
  const [intuition, raters] = split(intuitionSections(input));
  const [warnings, notes] = split(findingSections(input));
  const [blocking, manifestNotes] = split(problemSections(input));
  return {
    marker: markerFor(input.manifestFile, input.context.commentId),
    heading: headingOf(input),
    lead: leadOf(input),
    sections: [
      ...blocking,
      ...claimSections(input),
      ...intuition,
      ...warnings,
      ...performanceSection(input),
      ...similaritySection(input),
      ...encoderOrderSection(input),
      ...chartSection(input),
      ...suggestionSection(input),
      ...allDistancesSection(input),
      ...transferabilitySection(input),
      ...semanticSection(input),
      ...propertiesSection(input),
      ...consideredSection(input),
      ...raters,
      ...manifestNotes,
      ...notes,
      ...networksSection(input),
      ...trainingSection(input),
      ...limitsSection(input),
      ...(input.manifest === null ? [] : reproduceSection(input)),
      ...trustSection(input),
    ],
  };
}

function split<T extends { folded: boolean }>(sections: readonly T[]): [T[], T[]] {
  return [sections.filter(({ folded }) => !folded), sections.filter(({ folded }) => folded)];
}
