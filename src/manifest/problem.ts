import type { Location } from '../errors.ts';
import type { Level, Rule } from './schema.ts';

/**
 * Something to say about one place of the manifest. Errors make it unusable; the rest are policy rules that fired,
 * with the level that the manifest's own policy gives them.
 */
export interface Problem {
  /** `error` for what the schema or a cross-check refuses; otherwise the level of `rule`. */
  level: 'error' | Exclude<Level, 'off'>;
  /** Stable name: a schema or cross-check code such as `unknown-key`, or the policy rule's own name. */
  code: string;
  rule?: Rule;
  /** Dotted path in the manifest, e.g. `candidates[1].weights.sha256`. */
  path: string;
  location: Location;
  /** What was expected, what was found, what to do. */
  message: string;
  /** Set when a waiver covers it: the problem is told but counts for nothing. */
  waived?: { by: string; reason: string; expires: string };
}

/** Whether the problem alone keeps the pull request from being merged. */
export function isBlocking({ level, waived }: Problem): boolean {
  return waived === undefined && (level === 'error' || level === 'fail');
}
