import { sha256 } from '../digest.ts';

/**
 * What a comment says about itself in two HTML comments at its top, which readers do not see: the report's own marker,
 * and below it the state that the next run compares itself with.
 */
export interface Marker {
  /** The report's marker (see report/marker.ts): which manifest, and which `comment-id`. */
  marker: string;
  mode: 'check' | 'review';
  commit: string | null;
  /** Of the text below, the link to the run left out: a new run with the same result is no news. */
  digest: string;
}

const pattern =
  /^(?<marker><!-- transfer-evidence:\S+ -->)\r?\n<!-- mode=(?<mode>check|review) commit=(?<commit>\S+) digest=(?<digest>[0-9a-f]{64}) -->\r?\n/;

/** What a comment's body says about itself, or null when it does not start with it: a quotation has it further down. */
export function readMarker(body: string): Marker | null {
  const groups = pattern.exec(body)?.groups;
  if (groups === undefined) return null;
  const { marker, mode, commit, digest } = groups as Record<keyof Marker, string> & { mode: Marker['mode'] };
  return { marker, mode, commit: commit === 'none' ? null : commit, digest };
}

/** A body that says what it is. `report` may start with the marker already. */
export function mark(report: string, about: Omit<Marker, 'digest'>, runUrl: string | null): string {
  const text = report.startsWith(about.marker) ? report.slice(about.marker.length).trimStart() : report;
  const digest = sha256(runUrl === null ? text : text.replaceAll(runUrl, ''));
  return `${about.marker}\n<!-- mode=${about.mode} commit=${about.commit ?? 'none'} digest=${digest} -->\n${text}`;
}
