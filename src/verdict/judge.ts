import type { Evidence } from '../evidence/schema.ts';
import type { Manifest } from '../manifest/schema.ts';
import { judgeChoice } from './choice.ts';
import { judgeClaims } from './claims.ts';
import { judgeIntuition } from './intuition.ts';
import { rankings } from './ranking.ts';
import { claimRemarks, controlRemarks } from './remarks.ts';
import type { Verdicts } from './types.ts';

/** Sets what the manifest says against what was measured. `null` evidence means that nothing was. */
export function judge(manifest: Manifest, evidence: Evidence | null): Verdicts {
  const claims = judgeClaims(manifest, evidence);
  return {
    choice: judgeChoice(manifest, evidence),
    claims,
    intuition: judgeIntuition(manifest, evidence),
    ranking: evidence === null ? [] : rankings(evidence),
    remarks: [...(evidence === null ? [] : controlRemarks(manifest, evidence)), ...claimRemarks(claims, evidence)],
  };
}
