import type { Manifest } from '../../manifest/schema.ts';
import { formatEstimate } from '../../verdict/numbers.ts';
import type { Intuition } from '../../verdict/types.ts';
import type { Block, Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { counted } from '../words.ts';
import { joined, section } from './section.ts';

type Measured = NonNullable<Intuition['measured']>;
type Rater = NonNullable<Manifest['intuition']>['raters'][number];

/** More raters than this are only counted. */
const shownRaters = 20;

/** One line on what people expected and how it compares; the raters one by one are folded. */
export function intuitionSections({ manifest, verdicts }: ReportInput): Section[] {
  const intuition = verdicts?.intuition ?? null;
  const raters = manifest?.intuition?.raters;
  if (manifest === null || intuition === null || raters === undefined) return [];
  return [
    section('intuition', null, false, 72, {
      kind: 'paragraph',
      text: [{ strong: 'Intuition: ' }, ...joined(lineOf(intuition, manifest.chosen), ' · ')],
    }),
    section('the raters', `What people expected (${counted(raters.length, 'rater')})`, true, 24, ...tablesOf(raters)),
  ];
}

function lineOf(intuition: Intuition, chosen: string): Inline[] {
  const { raters, chosenFirst, common, concordance, measured } = intuition;
  const facts: Inline[] = [
    [`${chosenFirst} of ${counted(raters, 'rater')} expected `, { code: chosen }, ' to be best'],
  ];
  if (concordance !== null)
    facts.push(`Kendall’s W ${concordance.toFixed(2)} among raters (1 = one order; ${common.length} sources)`);
  if (measured === null) return facts;
  const { measure, sources, best, bestFirst, consensus, correlation } = measured;
  const names = joined(
    best.map((id) => ({ code: id })),
    ', ',
  );
  if (best.length === sources)
    facts.push('the probe tells none of the ranked sources apart, so it does not say who was right');
  else if (best.length === 1)
    facts.push([`${bestFirst} of ${raters} expected `, ...names, ', which the probe puts first']);
  else
    facts.push([
      `${bestFirst} of ${raters} expected one of `,
      ...names,
      ', which the probe puts first and does not tell apart',
    ]);
  if (consensus !== null) facts.push(regretWords(consensus, measure));
  if (correlation !== null) facts.push(`Kendall’s τ-b ${correlation.toFixed(2)} between expected and measured order`);
  return facts;
}

function regretWords(
  { choice, top, regret, tied }: NonNullable<Measured['consensus']>,
  measure: Measured['measure'],
): Inline {
  if (choice === top) return ['the favourite, ', { code: choice }, ', has the highest score'];
  const cost = regret === null ? 'lower score' : `${formatEstimate(measure, regret)} below the highest score`;
  return ['the favourite, ', { code: choice }, `: ${cost}, `, { code: top }, tied ? ' (not told apart)' : ''];
}

function tablesOf(raters: readonly Rater[]): Block[] {
  const rest = raters.length - shownRaters;
  const rows = raters.slice(0, shownRaters).map(({ id, role, years, at, expected_rank, confidence }): Inline[] => [
    { code: id },
    [role, years === undefined ? undefined : `${years} years`].filter(Boolean).join(', ') || '–',
    at ?? 'not dated',
    joined(
      expected_rank.map((source) => ({ code: source })),
      ' > ',
    ),
    confidence === undefined ? '–' : `${Math.round(confidence * 100)} %`,
  ]);
  return [
    {
      kind: 'table',
      head: ['Rater', 'Role', 'Written', 'Expected, best first', 'Confidence'],
      align: ['l', 'l', 'l', 'l', 'r'],
      rows: rest > 0 ? [...rows, [`and ${rest} more`, '', '', '', '']] : rows,
    },
    ...ratingsTable(raters),
  ];
}

/** Mean rating of every source by factor, over those who rated it. */
function ratingsTable(raters: readonly Rater[]): Block[] {
  const sources = [...new Set(raters.flatMap(({ ratings }) => Object.keys(ratings ?? {})))];
  const factors = [
    ...new Set(raters.flatMap(({ ratings }) => Object.values(ratings ?? {}).flatMap((own) => Object.keys(own)))),
  ] as (keyof NonNullable<Rater['ratings']>[string])[];
  if (factors.length === 0) return [];
  const rows = factors.map((factor): Inline[] => [
    factor.replaceAll('_', ' '),
    ...sources.map((source) => {
      const given = raters.flatMap(({ ratings }) => ratings?.[source]?.[factor] ?? []);
      const mean = given.reduce((sum, rating) => sum + rating, 0) / given.length;
      return given.length === 0 ? '–' : mean.toFixed(1);
    }),
  ]);
  return [
    {
      kind: 'table',
      head: ['Mean rating, 1 to 7', ...sources.map((id) => ({ code: id }))],
      align: ['l', ...sources.map(() => 'r' as const)],
      rows,
    },
  ];
}
