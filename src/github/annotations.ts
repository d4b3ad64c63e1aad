import path from 'node:path';
import * as core from '@actions/core';
import type { Problem } from '../manifest/problem.ts';

/** GitHub shows ten annotations per level and step; one place is left for the line that fails the step. */
const mostAnnotations = 9;

/** A mark on a line of the manifest in the pull request's files. */
export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  message: string;
  title: string;
  file: string;
  startLine?: number;
  startColumn?: number;
}

const severity = { error: 0, fail: 1, acknowledge: 2, warn: 3, note: 4 } as const;

/**
 * The worst problems as annotations, worst first; waived ones need none.
 *
 * @param warnOnly nothing shall look like a failure
 * @returns at most nine, and how many were left out
 */
export function annotationsOf(
  problems: readonly Problem[],
  workspace: string,
  warnOnly: boolean,
): { annotations: Annotation[]; left: number } {
  const told = problems
    .filter((problem) => problem.waived === undefined)
    .sort((a, b) => severity[a.level] - severity[b.level]);
  const annotations = told.slice(0, mostAnnotations).map((problem): Annotation => {
    const { line, column, file } = problem.location;
    return {
      level: levelOf(problem.level, warnOnly),
      title: problem.code,
      message: problem.message,
      file: path.isAbsolute(file) ? path.relative(workspace, file) : file,
      ...(line === undefined ? {} : { startLine: line }),
      ...(column === undefined ? {} : { startColumn: column }),
    };
  });
  return { annotations, left: told.length - annotations.length };
}

function levelOf(level: Problem['level'], warnOnly: boolean): Annotation['level'] {
  if (level === 'note') return 'notice';
  return level === 'warn' || warnOnly ? 'warning' : 'error';
}

/** Writes annotations to the log, where the runner picks them up; no permission is needed. */
export function annotate(annotations: readonly Annotation[], left: number): void {
  const write = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { level, message, ...where } of annotations) write[level](message, where);
  if (left > 0) core.info(`${left} more in the summary.`);
}
