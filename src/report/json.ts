import type { ReportInput } from './input.ts';

/** The report for programs: `schema` and `version` say how to read it. Ends with a line end. */
export function renderJson({ manifest, manifestFile, evidence, verdicts, decision, context }: ReportInput): string {
  const document = {
    schema: 'transfer-evidence/report',
    version: 1,
    manifest: manifestFile,
    mode: context.mode,
    commit: context.commit,
    run: context.runUrl,
    reproduce: context.reproduce,
    target: manifest?.target.name ?? null,
    chosen: manifest?.chosen ?? null,
    decision,
    choice: verdicts?.choice ?? null,
    claims: (verdicts?.claims ?? []).map(
      ({ claim, verdict, because, wouldDecide, cappedBy, comparison, interval }) => ({
        id: claim.id,
        factor: claim.factor,
        text: claim.text,
        test: claim.test,
        response: claim.response ?? null,
        verdict,
        because,
        wouldDecide: wouldDecide ?? null,
        cappedBy,
        interval: interval ?? null,
        nullHalfWidth: comparison?.nullHalfWidth ?? null,
      }),
    ),
    ranking: verdicts?.ranking ?? [],
    remarks: verdicts?.remarks ?? [],
    intuition: verdicts?.intuition ?? null,
    probes: evidence?.probes ?? [],
    findings: evidence?.findings ?? [],
    evidence:
      evidence === null
        ? null
        : { plan: evidence.plan, seed: evidence.seed, timings: evidence.timings, environment: evidence.environment },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
