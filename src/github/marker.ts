import { sha256 } from '../digest.ts';

/** What a comment says about itself, in an HTML comment on its first line that readers do not see. */
export interface Marker {
  /** Which manifest (and which `comment-id`) the comment belongs to. */
  id: string;
  mode: 'check' | 'review';
  commit: string | null;
  /** Of the text below, the link to the run left out: a new run with the same result is no news. */
  digest: string;
}

const pattern =
  /^<!-- transfer-evidence id=(?<id>\S+) mode=(?<mode>check|review) commit=(?<commit>\S+) digest=(?<digest>[0-9a-f]{64}) -->\r?\n/;

/** The id of a manifest's comment. Jobs that look at one manifest in several ways add their own `comment-id`. */
export function markerId(manifest: string, commentId: string): string {
  // “--” would end an HTML comment early for some parsers.
  return encodeURIComponent(commentId === '' ? manifest : `${manifest}#${commentId}`).replaceAll('-', '%2D');
}

/** The marker of a comment's body, or null when its first line is none: a quoted comment has its marker further down. */
export function readMarker(body: string): Marker | null {
  const groups = pattern.exec(body)?.groups;
  if (groups === undefined) return null;
  const { id, mode, commit, digest } = groups as { id: string; mode: Marker['mode']; commit: string; digest: string };
  return { id, mode, commit: commit === 'none' ? null : commit, digest };
}

/** A body with its marker in front, in place of the one that a report carries for readers of the file. */
export function mark(report: string, about: Omit<Marker, 'digest'>, runUrl: string | null): string {
  const text = report.replace(/^<!--[^\n]*-->\n+/, '');
  const digest = sha256(runUrl === null ? text : text.replaceAll(runUrl, ''));
  return `<!-- transfer-evidence id=${about.id} mode=${about.mode} commit=${about.commit ?? 'none'} digest=${digest} -->\n${text}`;
}
