import type { GitHub } from './client.ts';
import type { RunEvent } from './event.ts';

/** Where a report goes, or why it goes nowhere but to the summary. */
export interface Destination {
  pullRequests: number[];
  /** Why there is none, for the log. */
  note: string | null;
}

/**
 * The open pull requests whose head is the commit of this run. One commit can be the head of several (into several
 * branches): each has its own readers. A run that a newer push has overtaken reports nowhere, lest it replace news by
 * old news.
 */
export async function findPullRequests(github: GitHub, event: RunEvent): Promise<Destination> {
  const { sha } = event;
  if (event.kind === 'merge_group')
    return { pullRequests: [], note: 'A merge queue has no conversation to comment in.' };
  if (sha === null) return { pullRequests: [], note: 'The event names no commit.' };
  const short = sha.slice(0, 7);
  if (event.pullRequest !== null) {
    const pull = await github.pullRequest(event.pullRequest);
    if (!pull.open) return { pullRequests: [], note: `Pull request #${pull.number} is closed.` };
    if (pull.headSha !== sha) {
      return {
        pullRequests: [],
        note: `Pull request #${pull.number} has moved on from ${short}; its newer run reports.`,
      };
    }
    return { pullRequests: [pull.number], note: null };
  }
  const withCommit = await github.pullRequestsWithCommit(sha);
  const pullRequests = withCommit.filter((pull) => pull.open && pull.headSha === sha).map((pull) => pull.number);
  return {
    pullRequests,
    note:
      pullRequests.length > 0 ? null : `No open pull request has ${short} as its head: the report is in the summary.`,
  };
}
