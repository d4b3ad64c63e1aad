import { meanColourId } from '../controls.ts';
import { atChance, collapsed } from '../probe/chance.ts';
import { isProxied, type Plan, type PlannedCandidate } from './plan.ts';
import type { ProbeEvidence } from './probes.ts';
import type { Finding, Measurement } from './schema.ts';

/** Fewer groups, or images where there are no groups, than this say nothing about a population. */
export const enoughGroups = 30;

/** A score that is less than this above another is not worth a choice: two points. */
export const worthwhile = 0.02;

/** What the plan alone tells: what is missing, and what would mend it. */
export function planFindings(plan: Plan): Finding[] {
  const findings: Finding[] = [];
  for (const candidate of plan.candidates) {
    const { id, network, sample } = candidate;
    if (network === null) findings.push(withoutWeights(plan, candidate));
    if (sample === null)
      findings.push({
        code: 'no_sample',
        about: id,
        text: `${id} has no sample images, so its similarity cannot be measured. Give it a sample folder.`,
      });
  }
  const { dataset, sample } = plan.target;
  const groups = new Set(sample.map(({ group }) => group)).size;
  if (groups < enoughGroups)
    findings.push({
      code: 'few_groups',
      about: 'target',
      text: `The target has ${groups} ${dataset.grouped ? 'groups' : 'images'}; at least ${enoughGroups} are needed before a verdict means anything.`,
    });
  if (plan.task === 'unlabelled')
    findings.push({
      code: 'unlabelled_target',
      about: 'target',
      text: 'The target has no labels, so no probe can be trained.',
    });
  return findings;
}

function withoutWeights(plan: Plan, candidate: PlannedCandidate): Finding {
  const { id, sample, labelled } = candidate;
  if (isProxied(plan, candidate))
    return {
      code: 'proxy',
      about: id,
      text: `${id} has no weights; a proxy stands in for them, a small built-in network (${plan.fineTuning!.proxy}) pretrained here on its ${sample!.sample.length} images. It says something about these images, nothing about any published weights.`,
    };
  const proxies = plan.task !== 'unlabelled' && (plan.fineTuning?.proxy ?? null) !== null;
  const orLabels =
    proxies && sample !== null && !labelled
      ? ', or sort its sample into one sub-folder per class, so that a small network can be pretrained on it here'
      : '';
  return {
    code: 'no_weights',
    about: id,
    text: `${id} has no weights, so nothing can be said about its performance. Give it a weights file (ONNX)${orLabels}.`,
  };
}

/** What the probes' own results tell about how far to trust them. */
export function probeFindings(evidence: ProbeEvidence, candidates: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const measure = 'probe.linear' as const;
  const scores = candidates.map((id) => evidence.scores.get(id)!);
  if (scores.every((score) => atChance(score, evidence.chance)))
    findings.push({
      code: 'target_at_chance',
      about: 'target',
      measure,
      text: 'No candidate does better than chance on this target, so their order says nothing.',
    });
  else if (Math.max(...scores.map(({ value }) => value)) < evidence.scores.get(meanColourId)!.value + worthwhile)
    findings.push({
      code: 'solved_by_mean_colour',
      about: 'target',
      measure,
      text: 'The mean colour of each image alone does as well as the best candidate: a shortcut solves the task, so it does not tell sources apart.',
    });
  for (const id of candidates) {
    const result = evidence.results.get(id)!;
    if (collapsed(result))
      findings.push({
        code: 'collapsed',
        about: id,
        measure,
        text: `The probe on ${id} predicts one class almost always.`,
      });
    if (!result.converged)
      findings.push({
        code: 'not_converged',
        about: id,
        measure,
        text: `The probe on ${id} did not converge in every fold.`,
      });
  }
  return findings;
}

/** Measures that declined, once per measure and reason. */
export function refusalFindings(measurements: readonly Measurement[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const { measure, encoder, refused } of measurements) {
    if (refused === undefined) continue;
    const key = `${measure} ${encoder ?? ''} ${refused}`;
    if (!seen.has(key)) seen.set(key, { code: 'measure_refused', about: 'run', measure, text: refused });
  }
  return [...seen.values()];
}
