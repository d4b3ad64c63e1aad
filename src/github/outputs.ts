import type { Outcome } from './outcome.ts';

/** Where the parts of a run's report ended up, one entry a manifest. */
export interface Delivered {
  outcome: Outcome;
  folder: string;
  comments: { id: number; url: string }[];
}

const gates = ['pass', 'warn', 'fail'] as const;

/** The worst gate of several manifests; nothing looked at passes. */
export function worstGate(outcomes: readonly Outcome[]): Outcome['gate'] {
  return gates[Math.max(0, ...outcomes.map(({ gate }) => gates.indexOf(gate)))]!;
}

/**
 * The action's outputs. Of several manifests, `state` is that of the first with the worst gate, counts are sums, and
 * paths, ids and addresses stand one a line.
 *
 * @param folder where the report files are
 */
export function outputsOf(delivered: readonly Delivered[], folder: string): Record<string, string> {
  const outcomes = delivered.map(({ outcome }) => outcome);
  const gate = worstGate(outcomes);
  const count = (verdict: keyof Outcome['claims']): string =>
    String(outcomes.reduce((sum, { claims }) => sum + claims[verdict], 0));
  const comments = delivered.flatMap((entry) => entry.comments);
  return {
    state: outcomes.find((outcome) => outcome.gate === gate)?.state ?? 'missing',
    gate,
    supported: count('supported'),
    contradicted: count('contradicted'),
    inconclusive: count('inconclusive'),
    'no-evidence': count('no_evidence'),
    untestable: count('untestable'),
    'report-path': folder,
    'report-json': delivered
      .filter(({ outcome }) => 'report.json' in outcome.files)
      .map((entry) => `${entry.folder}/report.json`)
      .join('\n'),
    'comment-id': comments.map(({ id }) => id).join('\n'),
    'comment-url': comments.map(({ url }) => url).join('\n'),
    'cache-hit': String(outcomes.length > 0 && outcomes.every(({ cached }) => cached)),
  };
}
