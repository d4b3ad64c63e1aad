import { assemble } from './assemble.ts';
import type { ReportDocument } from './document.ts';
import { commentLimit, type FittedPart, fitParts } from './fit.ts';
import type { ReportInput } from './input.ts';
import { blockMarkdown, inlineMarkdown, sectionMarkdown } from './markdown.ts';

/** GitHub drops a job summary of more than 1 MiB; characters here are at most 3 bytes each in UTF-8. */
const summaryLimit = 340_000;

/** The pull request's comment as Markdown, never above 60,000 characters; whole sections are left out to get there. */
export function renderComment(input: ReportInput): string {
  const { runUrl } = input.context;
  const where =
    runUrl === null
      ? 'The whole report is in report.html.'
      : 'The whole report is in the job summary and report.html of the run.';
  return fitParts(partsOf(assemble(input)), commentLimit, where);
}

/** The same report for the job summary, which may be longer. */
export function renderSummary(input: ReportInput): string {
  return fitParts(partsOf(assemble(input)).slice(1), summaryLimit, 'The whole report is in report.html.');
}

function partsOf({ marker, heading, lead, sections }: ReportDocument): FittedPart[] {
  return [
    { name: 'marker', text: marker, weight: Infinity },
    {
      name: 'verdict',
      text: [`### ${inlineMarkdown(heading).trim()}`, ...lead.map(blockMarkdown)].join('\n\n'),
      weight: Infinity,
    },
    ...sections.map((section) => ({ name: section.name, text: sectionMarkdown(section), weight: section.weight })),
  ];
}
