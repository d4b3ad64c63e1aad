import type { Problem } from './problem.ts';
import { defaultPolicy, type Level, type Manifest, type Rule } from './schema.ts';
import { claimsOf } from './statements.ts';

/** The level of a rule: what the manifest says, else the default. Without a manifest: the default. */
export function levelOf(manifest: Pick<Manifest, 'policy'> | null, rule: Rule): Level {
  return manifest?.policy[rule] ?? defaultPolicy[rule];
}

/**
 * Marks every problem that a waiver covers. A waiver holds up to and including the day it expires; afterwards the
 * message says so and the problem counts again. A waiver with a claim covers only problems under that claim.
 * @param today ISO date, e.g. 2026-03-01
 */
export function applyWaivers(
  problems: readonly Problem[],
  manifest: Pick<Manifest, 'waivers' | 'justification'>,
  today: string,
): Problem[] {
  return problems.map((problem) => {
    if (problem.rule === undefined || problem.waived !== undefined) return problem;
    const claim = claimOf(problem.path, manifest);
    const covering = manifest.waivers.filter(
      (waiver) => waiver.rule === problem.rule && (waiver.claim === undefined || waiver.claim === claim),
    );
    const valid = covering.find((waiver) => today <= waiver.expires);
    if (valid) {
      const { by, reason, expires } = valid;
      return { ...problem, waived: { by, reason, expires } };
    }
    const expired = covering.at(-1);
    if (expired === undefined) return problem;
    const said = ` The waiver by ${expired.by} expired on ${expired.expires}.`;
    return problem.message.endsWith(said) ? problem : { ...problem, message: problem.message + said };
  });
}

function claimOf(path: string, manifest: Pick<Manifest, 'justification'>): string | undefined {
  const index = /^justification\.claims\[(\d+)\]/.exec(path)?.[1];
  return index === undefined ? undefined : claimsOf(manifest)[Number(index)]?.id;
}
