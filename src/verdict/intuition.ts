import type { Evidence } from '../evidence/schema.ts';
import type { Manifest } from '../manifest/schema.ts';
import type { ProbeMeasure } from '../measures.ts';
import { kendallTauB, kendallW } from '../statistics/agreement.ts';
import { findComparison } from './comparison.ts';
import { decidingProbe, fieldOfCandidate } from './probes.ts';
import { ordered, rankings } from './ranking.ts';
import type { Intuition } from './types.ts';

/** With fewer sources even a perfect agreement comes by chance more than once in twenty (2 ÷ K!, two-sided). */
const enoughToCorrelate = 5;

/**
 * What the raters expected, against the order that was measured. `null` when there are no raters.
 * Sources that not everyone ranked are left out of the consensus; random initialisation counts where it was ranked.
 */
export function judgeIntuition({ intuition, chosen }: Manifest, evidence: Evidence | null): Intuition | null {
  const ranks = intuition?.raters.map(({ expected_rank }) => expected_rank) ?? [];
  if (ranks.length === 0) return null;
  const common = ranks[0]!.filter((id) => ranks.every((rank) => rank.includes(id)));
  return {
    raters: ranks.length,
    chosenFirst: ranks.filter(([first]) => first === chosen).length,
    common,
    concordance:
      ranks.length > 1 && common.length > 2
        ? kendallW(ranks.map((rank) => common.map((id) => rank.indexOf(id))))
        : null,
    measured: evidence === null ? null : againstMeasured(ranks, common, evidence, chosen),
  };
}

function againstMeasured(
  ranks: readonly (readonly string[])[],
  common: readonly string[],
  evidence: Evidence,
  chosen: string,
): Intuition['measured'] {
  const field = fieldOfCandidate(evidence, chosen);
  const measure = decidingProbe(evidence, field);
  if (measure === null) return null;
  const order = ordered(evidence, measure, { field }).filter((id) => ranks.some((rank) => rank.includes(id)));
  if (order.length < 2) return null;
  const groups = rankings(evidence).find(
    (ranking) => ranking.measure === measure && (ranking.proxies ?? false) === (field === 'proxies'),
  )!.groups;
  const place = (id: string): number => groups.findIndex(({ members }) => members.includes(id));
  const bestPlace = Math.min(...order.map(place));
  const best = order.filter((id) => place(id) === bestPlace);
  const firsts = ranks.map((rank) => rank.find((id) => order.includes(id)));

  const both = common.filter((id) => order.includes(id));
  const meanRank = (id: string): number => ranks.reduce((sum, rank) => sum + rank.indexOf(id), 0) / ranks.length;
  const lowest = Math.min(...both.map(meanRank));
  const favourites = both.filter((id) => meanRank(id) === lowest);
  return {
    measure,
    sources: order.length,
    best,
    bestFirst: firsts.filter((id) => id !== undefined && best.includes(id)).length,
    consensus: favourites.length === 1 ? regretOf(favourites[0]!, order[0]!, best, evidence, measure) : null,
    correlation: both.length < enoughToCorrelate ? null : kendallTauB(both.map(meanRank), both.map(place)),
  };
}

/** What following the raters' favourite costs against the highest score. */
function regretOf(
  choice: string,
  top: string,
  best: readonly string[],
  evidence: Evidence,
  measure: ProbeMeasure,
): NonNullable<Intuition['measured']>['consensus'] {
  const comparison = findComparison(evidence, { measure, subject: top, object: choice });
  return { choice, top, regret: comparison?.estimate ?? null, tied: best.includes(choice) };
}
