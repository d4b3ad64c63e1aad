import { measures } from '../../measures.ts';
import { fieldOfCandidate } from '../../verdict/probes.ts';
import { quadrantChart } from '../chart.ts';
import type { Section } from '../document.ts';
import type { ReportInput } from '../input.ts';

/** Similarity against performance, where both were measured for two candidates or more. */
export function chartSection({ manifest, evidence }: ReportInput): Section[] {
  const chart =
    manifest === null || evidence === null
      ? null
      : quadrantChart(evidence, fieldOfCandidate(evidence, manifest.chosen));
  if (chart === null) return [];
  const text = `To the right: closer to the target (RBF-MMD²${evidence?.encoders[0] ? ` in ${evidence.encoders[0].id}` : ''}). Up: a better score of the ${measures[chart.measure].title}${chart.field === 'proxies' ? ', of proxies' : ''}. Each axis spans at least twice the widest 95 % interval, so points that lie together are not told apart.`;
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
