import { enoughGroups } from '../evidence/findings.ts';
import type { Comparison, Evidence, Finding, FindingCode } from '../evidence/schema.ts';
import { isProbe, isTrainedProbe } from '../measures.ts';

/**
 * Findings that hold a verdict at inconclusive whatever the interval says; `probe` ones only where a network was trained, `source` ones of
 * these only where the finding is about one of the two that are compared: what they say of the target, splits made here take care of.
 */
const caps: Partial<Record<FindingCode, 'any' | 'probe' | 'source'>> = {
  few_groups: 'any',
  target_at_chance: 'probe',
  solved_by_mean_colour: 'probe',
  collapsed: 'probe',
  not_converged: 'probe',
  few_seeds: 'probe',
  near_duplicates: 'source',
  group_leak: 'source',
  weights_saw_target: 'source',
  preprocessing_mismatch: 'source',
};

/** Fewer seeds than this do not show how much a score varies with the seed. */
const enoughSeeds = 3;

/** What would lift a cap, as the end of “would be decided by …”. */
const lifts: Partial<Record<FindingCode, string>> = {
  few_groups: `at least ${enoughGroups} tested groups (patients, slides, sites)`,
  target_at_chance: 'a target that at least one candidate learns: more images or cleaner labels',
  solved_by_mean_colour: 'a target that colour alone does not solve',
  few_seeds: `at least ${enoughSeeds} seeds`,
  not_converged: 'a probe that converges: check the weights and their preprocessing',
  near_duplicates: 'a source without copies of target images',
  group_leak: 'a source and a target that share no patient',
  weights_saw_target: 'weights or target images that have not met before',
  preprocessing_mismatch: 'the preprocessing that the network was trained with',
};

/** What holds a verdict back, for a heading. */
const short: Partial<Record<FindingCode, string>> = {
  few_groups: 'too few groups',
  target_at_chance: 'the target is at chance',
  solved_by_mean_colour: 'colour alone solves the target',
  collapsed: 'a training run broke down',
  not_converged: 'a probe did not converge',
  few_seeds: 'too few seeds',
  near_duplicates: 'a source holds copies of target images',
  group_leak: 'a source and the target share patients',
  weights_saw_target: 'weights saw the target',
  preprocessing_mismatch: 'a network was given the wrong preprocessing',
};

/** The first of these caps in a few words: one is enough for there to be no verdict. */
export function capWords(findings: readonly Finding[]): string {
  const [first] = findings;
  return short[first!.code] ?? first!.code;
}

/** The findings that cap a verdict drawn from this comparison, each once. */
export function capsOn(comparison: Comparison, evidence: Evidence): Finding[] {
  const about = new Set(['target', 'run', ...sidesOf(comparison)]);
  const found = evidence.findings.filter(({ code, about: whom, measure }) => {
    const reach = caps[code];
    if (reach === undefined || !about.has(whom)) return false;
    if (reach !== 'any' && !isProbe(comparison.measure)) return false;
    if (reach === 'source' && whom === 'target') return false;
    return measure === undefined || measure === comparison.measure;
  });
  const { groups } = comparison.n;
  if (groups !== undefined && groups < enoughGroups && !found.some(({ code }) => code === 'few_groups'))
    found.push({
      code: 'few_groups',
      about: 'target',
      text: `${groups} groups of the target were tested; at least ${enoughGroups} are needed before a verdict means anything.`,
    });
  const seeds = seedsOf(comparison, evidence);
  if (seeds !== undefined && seeds < enoughSeeds && !found.some(({ code }) => code === 'few_seeds'))
    found.push({
      code: 'few_seeds',
      about: 'run',
      measure: comparison.measure,
      text: `Only ${seeds === 1 ? '1 seed was' : `${seeds} seeds were`} trained; at least ${enoughSeeds} are needed before a verdict means anything.`,
    });
  return found;
}

/** Under whatever name they were measured. */
function sidesOf({ subject, object, twin }: Comparison): string[] {
  return [subject, object, ...(twin === undefined ? [] : [twin])];
}

/** The seeds of a probe that trains: the fewer of the two sides'. The linear probe's repeats are bounded by the manifest. */
function seedsOf(comparison: Comparison, { measurements }: Evidence): number | undefined {
  const sides = sidesOf(comparison);
  const seeds = measurements.flatMap(({ measure, candidate, details }) =>
    measure === comparison.measure && sides.includes(candidate) && typeof details.seeds === 'number'
      ? [details.seeds]
      : [],
  );
  return seeds.length === 0 ? undefined : Math.min(...seeds);
}

/** What would lift these caps, in one phrase. */
export function liftOf(findings: readonly Finding[]): string {
  return [
    ...new Set(
      findings.map((finding) =>
        finding.code === 'collapsed' ? stableRun(finding) : (lifts[finding.code] ?? finding.code),
      ),
    ),
  ].join('; and ');
}

function stableRun({ measure }: Finding): string {
  const check = 'check the weights and their preprocessing';
  return measure !== undefined && isTrainedProbe(measure)
    ? `runs that do not collapse: ${check}, or let more learning rates be tried (evidence.finetune.learning_rates)`
    : `a run that does not collapse: ${check}`;
}
