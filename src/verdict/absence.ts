import { isControl } from '../controls.ts';
import type { Comparison, Evidence, Finding } from '../evidence/schema.ts';
import { isProbe, isTrainedProbe, type MeasureName, measures } from '../measures.ts';
import { acrossFields } from './probes.ts';

/** Why there is no number, and what would give one. */
export interface Absence {
  because: string;
  wouldDecide: string;
}

/**
 * Explains why a comparison cannot be made.
 * @param found the comparison when it is there but its measure declined
 */
export function explainAbsence(
  evidence: Evidence | null,
  query: { measure: MeasureName; subject: string; object: string },
  found?: Comparison,
): Absence {
  if (evidence === null)
    return {
      because: 'Nothing was measured in this run.',
      wouldDecide: 'a run that measures (`review` instead of `check`)',
    };
  const sides = [query.subject, query.object].filter((id) => !isControl(id));
  const about = (code: Finding['code'], whom: string) =>
    evidence.findings.find(
      (finding) =>
        finding.code === code &&
        finding.about === whom &&
        (finding.measure === undefined || finding.measure === query.measure),
    );

  if (isProbe(query.measure)) {
    if (about('unlabelled_target', 'target'))
      return {
        because: 'The target has no labels, so no probe can be trained.',
        wouldDecide: 'labels for the target images',
      };
    const trained = isTrainedProbe(query.measure);
    const proxied = sides.filter((id) => about('proxy', id));
    const without = sides.filter(
      (id) => (lacks(evidence, id, 'weights') || about('no_weights', id)) && !(trained && proxied.includes(id)),
    );
    if (without.length > 0 && without.every((id) => proxied.includes(id)))
      return {
        because: `No weights for ${list(without)}. Only fine-tuning has a proxy for them.`,
        wouldDecide: `weights (ONNX) for ${list(without)}`,
      };
    if (without.length > 0)
      return { because: `No weights for ${list(without)}.`, wouldDecide: `weights (ONNX) for ${list(without)}` };
    if (
      proxied.length === 1 &&
      sides.length === 2 &&
      acrossFields(evidence, query.measure, query.subject, query.object)
    )
      return {
        because: `${list(proxied)} has no weights; its proxy is compared with proxies only, not with weights.`,
        wouldDecide: `weights (ONNX) for ${list(proxied)}`,
      };
    const tooSmall = about('budget_too_small', 'run');
    if (tooSmall) return { because: tooSmall.text, wouldDecide: 'that budget, or a faster device' };
    if (sides.length < 2 && sides.every((id) => !evidence.comparisons.some((c) => c.subject === id || c.object === id)))
      return { because: 'The control was not measured.', wouldDecide: 'a complete run' };
  } else {
    const without = sides.filter((id) => lacks(evidence, id, 'sample') || about('no_sample', id));
    if (without.length > 0)
      return { because: `No sample images of ${list(without)}.`, wouldDecide: `sample images of ${list(without)}` };
    const control = [query.subject, query.object].find(isControl);
    if (control !== undefined)
      return {
        because: `\`${control}\` has no images, so there is no distance to compare.`,
        wouldDecide: 'an object that has sample images',
      };
  }
  const refusal =
    found?.refused ??
    evidence.measurements.find(
      (m) => m.measure === query.measure && sides.includes(m.candidate) && m.refused !== undefined,
    )?.refused;
  if (refusal !== undefined) return { because: refusal, wouldDecide: 'what the refusal asks for' };
  const trouble =
    evidence.findings.find(({ code, about: whom }) => code === 'infrastructure' && ['run', ...sides].includes(whom)) ??
    evidence.findings.find(
      ({ code, about: whom, measure }) =>
        code === 'measure_refused' &&
        ['run', 'target', ...sides].includes(whom) &&
        (measure === undefined || measure === query.measure),
    );
  if (trouble)
    return {
      because: trouble.text,
      wouldDecide: trouble.code === 'infrastructure' ? 'another run once that is mended' : 'a run that gets that far',
    };
  return { because: `${measures[query.measure].title} was not measured for these two.`, wouldDecide: 'a complete run' };
}

function lacks(evidence: Evidence, id: string, what: 'weights' | 'sample'): boolean {
  const candidate = evidence.candidates.find((entry) => entry.id === id);
  return candidate !== undefined && candidate[what] === null;
}

/** Names in a row, each in backticks: a; a and b; a, b and c. */
function list(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return names.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}
