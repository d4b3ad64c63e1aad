import { TransferEvidenceError } from '../errors.ts';
import { type GitHub, type IssueComment, TooLong } from './client.ts';
import { type Marker, mark, readMarker } from './marker.ts';
import { shorten } from './shorten.ts';

/** A comment that a run wants to see in a pull request. */
export interface Wanted {
  text: string;
  about: Omit<Marker, 'digest'>;
  /** Link to this run, which may stand in the text. */
  runUrl: string | null;
  /** Login that this program's comments are written under. */
  author: string;
  /** False: correct an existing comment, but start none. */
  create: boolean;
}

/** What became of it. `kept`: a check does not replace what a review found at the same commit. */
export interface Placed {
  action: 'created' | 'updated' | 'unchanged' | 'kept' | 'none';
  comment: IssueComment | null;
  /** Set when `author` was wrong: the login that comments really get. */
  learnedAuthor: string | null;
}

/**
 * Keeps one comment per manifest in a pull request. It is found by its marker and its author over all pages:
 * the marker alone would match a person who pasted the text, and a token that may write can edit anybody's comment.
 *
 * The token's own login cannot be asked for (a workflow's token is refused `GET /user`), so it is expected to be
 * `author`; a bot's name has brackets, which no person's can. Should GitHub put another name under a comment that this
 * run creates, that name is the right one, and an older comment under it takes the place of the new one.
 *
 * Runs that race may each create a comment: whoever sees an older one of its own afterwards gives way to it.
 */
export async function placeComment(github: GitHub, pullRequest: number, wanted: Wanted): Promise<Placed> {
  const before = await github.comments(pullRequest);
  const found = own(before, wanted.about.marker, wanted.author);
  if (found.length > 0) return { ...(await settle(github, found, wanted)), learnedAuthor: null };
  if (!wanted.create) return { action: 'none', comment: null, learnedAuthor: null };

  const created = await write(wanted, (body) => github.createComment(pullRequest, body));
  const learnedAuthor = created.author === wanted.author ? null : created.author;
  const siblings = own(await github.comments(pullRequest), wanted.about.marker, created.author);
  const oldest = siblings[0];
  if (oldest === undefined || oldest.id >= created.id) return { action: 'created', comment: created, learnedAuthor };
  const settled = await settle(github, siblings, wanted);
  return { ...settled, learnedAuthor };
}

/** Own comments with this marker, oldest first. */
function own(comments: readonly IssueComment[], marker: string, author: string): IssueComment[] {
  return comments
    .filter((comment) => comment.author === author && readMarker(comment.body)?.marker === marker)
    .sort((a, b) => a.id - b.id);
}

/** Makes the oldest comment say what is wanted and removes the others. */
async function settle(
  github: GitHub,
  found: readonly IssueComment[],
  wanted: Wanted,
): Promise<Pick<Placed, 'action' | 'comment'>> {
  const [oldest, ...duplicates] = found as [IssueComment, ...IssueComment[]];
  const there = readMarker(oldest.body)!;
  const placed = await replace(github, oldest, there, wanted);
  for (const duplicate of duplicates) await github.deleteComment(duplicate.id);
  return placed;
}

async function replace(
  github: GitHub,
  comment: IssueComment,
  there: Marker,
  wanted: Wanted,
): Promise<Pick<Placed, 'action' | 'comment'>> {
  const { about } = wanted;
  if (there.mode === 'review' && about.mode === 'check' && there.commit !== null && there.commit === about.commit) {
    return { action: 'kept', comment };
  }
  const said = readMarker(mark(wanted.text, about, wanted.runUrl))!;
  if (said.digest === there.digest && said.mode === there.mode && said.commit === there.commit) {
    return { action: 'unchanged', comment };
  }
  return { action: 'updated', comment: await write(wanted, (body) => github.updateComment(comment.id, body)) };
}

/** Writes; where GitHub finds the text too long after all, once more without its folded parts. */
async function write(wanted: Wanted, send: (body: string) => Promise<IssueComment>): Promise<IssueComment> {
  try {
    return await send(mark(wanted.text, wanted.about, wanted.runUrl));
  } catch (error) {
    if (!(error instanceof TransferEvidenceError && error.cause instanceof TooLong)) throw error;
    // Same state as the full text has, or the next run would find it changed.
    const whole = mark(wanted.text, wanted.about, wanted.runUrl);
    const [, state] = whole.split('\n', 2);
    const short = mark(shorten(wanted.text, wanted.runUrl), wanted.about, wanted.runUrl);
    return await send(short.replace(/^(.*\n).*/, `$1${state}`));
  }
}
