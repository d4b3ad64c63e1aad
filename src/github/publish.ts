import * as core from '@actions/core';
import { markerFor } from '../report/index.ts';
import type { GitHub } from './client.ts';
import { placeComment } from './comment.ts';
import type { RunEvent } from './event.ts';
import type { Inputs } from './inputs.ts';
import type { Outcome } from './outcome.ts';
import { findPullRequests } from './pull-request.ts';

/** What comments of this run have in common. */
export interface Publication {
  github: GitHub;
  inputs: Pick<Inputs, 'comment' | 'commentId' | 'commentAuthor'>;
  event: RunEvent;
  mode: 'check' | 'review';
  runUrl: string | null;
}

/**
 * Brings the outcomes into the pull requests of this commit. Whatever GitHub refuses is a warning: the report is in
 * the summary and the files as well, and a fork's read-only token is nobody's fault.
 *
 * @returns the comments that now say it, by manifest
 */
export async function publish(
  publication: Publication,
  outcomes: readonly Outcome[],
): Promise<Map<string, { id: number; url: string }[]>> {
  const { github, inputs, event, mode, runUrl } = publication;
  const placed = new Map<string, { id: number; url: string }[]>();
  if (inputs.comment === 'never' || outcomes.length === 0) return placed;
  try {
    const { pullRequests, note } = await findPullRequests(github, event);
    if (note !== null) core.info(note);
    let author = inputs.commentAuthor;
    for (const outcome of outcomes) {
      const comments: { id: number; url: string }[] = [];
      placed.set(outcome.manifest, comments);
      for (const pullRequest of pullRequests) {
        const { action, comment, learnedAuthor } = await placeComment(github, pullRequest, {
          text: outcome.comment,
          about: { marker: markerFor(outcome.manifest, inputs.commentId), mode, commit: event.sha },
          runUrl,
          author,
          create: inputs.comment === 'always' || outcome.gate !== 'pass',
        });
        core.info(`Comment in #${pullRequest} for ${outcome.manifest}: ${action}.`);
        if (comment !== null) comments.push({ id: comment.id, url: comment.url });
        if (learnedAuthor !== null) {
          author = learnedAuthor;
          core.warning(`Comments are written by ${learnedAuthor}. Set the input comment-author to that login.`);
        }
      }
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    core.warning(
      event.fork
        ? `No comment: the token of a run for a fork can only read. The report is in the job summary. (${why})`
        : `No comment: ${why} The report is in the job summary.`,
    );
  }
  return placed;
}
