import { quadrantChart } from '../chart.ts';
import type { Section } from '../document.ts';
import type { ReportInput } from '../input.ts';

/** Similarity against performance, where both were measured for two candidates or more. */
export function chartSection({ evidence }: ReportInput): Section[] {
  const chart = evidence === null ? null : quadrantChart(evidence);
  if (chart === null) return [];
  const text = `To the right: closer to the target (RBF-MMD²${evidence?.encoders[0] ? ` in ${evidence.encoders[0].id}` : ''}). Up: a better linear probe. Each axis spans at least twice the widest 95 % interval, so points that lie together are not told apart.`;
  return [
    {
      name: 'the chart',
      title: 'Similarity against performance',
      folded: false,
      weight: 40,
      blocks: [
        { kind: 'chart', chart },
        { kind: 'small', text },
      ],
    },
  ];
}
