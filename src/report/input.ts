import type { ManifestCards } from '../card/manifest-cards.ts';
import type { Evidence } from '../evidence/schema.ts';
import type { Manifest } from '../manifest/schema.ts';
import type { Decision, Verdicts } from '../verdict/types.ts';

export interface ReportContext {
  mode: 'check' | 'review';
  commit: string | null;
  runUrl: string | null;
  /** The command line that gives the same result again. */
  reproduce: string;
  /** Sets several comments on one manifest apart. */
  commentId?: string;
}

/** All that a report is made of. */
export interface ReportInput {
  /** With its gaps filled from cards; `null` when the manifest is unusable. */
  manifest: Manifest | null;
  /** Which of it stands in cards, and what their authors warn of. */
  cards?: Pick<ManifestCards, 'paths' | 'cautions'>;
  /** Path of the manifest, relative to the workspace. */
  manifestFile: string;
  evidence: Evidence | null;
  verdicts: Verdicts | null;
  decision: Decision;
  context: ReportContext;
}
