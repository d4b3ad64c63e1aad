import { enoughGroups } from '../evidence/findings.ts';
import type { Comparison, Evidence, Finding, FindingCode } from '../evidence/schema.ts';
import { measures } from '../measures.ts';

/** Findings that hold a verdict at inconclusive whatever the interval says; `probe` ones only where a network was trained. */
const caps: Partial<Record<FindingCode, 'any' | 'probe'>> = {
  few_groups: 'any',
  target_at_chance: 'probe',
  solved_by_mean_colour: 'probe',
  collapsed: 'probe',
  not_converged: 'probe',
};

/** What would lift a cap, as the end of “would be decided by …”. */
const lifts: Partial<Record<FindingCode, string>> = {
  few_groups: `at least ${enoughGroups} groups (patients, slides, sites) in the target`,
  target_at_chance: 'a target that at least one candidate learns: more images or cleaner labels',
  solved_by_mean_colour: 'a target that colour alone does not solve',
  collapsed: 'a run that does not collapse: check the weights and their preprocessing',
  not_converged: 'a probe that converges: check the weights and their preprocessing',
};

/** The findings that cap a verdict drawn from this comparison, each once. */
export function capsOn(comparison: Comparison, evidence: Evidence): Finding[] {
  const about = new Set(['target', 'run', comparison.subject, comparison.object]);
  const family = measures[comparison.measure].family;
  const found = evidence.findings.filter(({ code, about: whom, measure }) => {
    const reach = caps[code];
    if (reach === undefined || !about.has(whom)) return false;
    if (reach === 'probe' && family !== 'probe') return false;
    return measure === undefined || measure === comparison.measure;
  });
  const { groups } = comparison.n;
  if (groups !== undefined && groups < enoughGroups && !found.some(({ code }) => code === 'few_groups'))
    found.push({
      code: 'few_groups',
      about: 'target',
      text: `The target has ${groups} groups; at least ${enoughGroups} are needed before a verdict means anything.`,
    });
  return found;
}

/** What would lift these caps, in one phrase. */
export function liftOf(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ code }) => lifts[code] ?? code))].join('; and ');
}
