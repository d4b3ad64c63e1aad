import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { TooLong } from '../../src/github/client.ts';
import { placeComment, type Wanted } from '../../src/github/comment.ts';
import { mark, readMarker } from '../../src/github/marker.ts';
import { markerFor } from '../../src/report/index.ts';
import { fakeGitHub } from '../helpers/fake-github.ts';

const bot = 'github-actions[bot]';
const commit = 'a'.repeat(40);
const runUrl = 'https://github.com/o/films/actions/runs/1';
const marker = markerFor('transfer.yml');

function wanted(change: Partial<Wanted> = {}): Wanted {
  const about = { marker, mode: 'review' as const, commit };
  return { text: 'Tied.', about, runUrl, author: bot, create: true, ...change };
}

function said(commentId: number, change: Partial<Wanted> = {}, author = bot) {
  const { text, about, runUrl: run } = wanted(change);
  return { id: commentId, url: `https://github.com/c/${commentId}`, author, body: mark(text, about, run) };
}

describe('placeComment', () => {
  it('creates the first comment, marked at its top', async () => {
    const github = fakeGitHub();
    expect(await placeComment(github, 7, wanted())).toMatchObject({ action: 'created', learnedAuthor: null });
    expect(github.conversation[0]!.body).toMatch(
      /^<!-- transfer-evidence:transfer\.yml -->\n<!-- mode=review .*-->\nTied\.$/,
    );
  });

  it('updates what it said before', async () => {
    const github = fakeGitHub({ conversation: [said(5)] });
    expect(await placeComment(github, 7, wanted({ text: 'Supported.' }))).toMatchObject({ action: 'updated' });
    expect(github.writes).toEqual(['update 5']);
  });

  it('writes nothing when only the link to the run has changed', async () => {
    const github = fakeGitHub({ conversation: [said(5, { text: `Tied. ${runUrl}` })] });
    const next = 'https://github.com/o/films/actions/runs/2';
    const placed = await placeComment(github, 7, wanted({ text: `Tied. ${next}`, runUrl: next }));
    expect(placed).toMatchObject({ action: 'unchanged', comment: { id: 5 } });
    expect(github.writes).toEqual([]);
  });

  it('leaves alone a stranger’s comment that holds the marker, and its own that quotes one', async () => {
    const quoted = { ...said(6), body: `> quoted\n\n${said(6).body}` };
    const github = fakeGitHub({ conversation: [said(5, {}, 'stranger'), quoted] });
    await placeComment(github, 7, wanted({ text: 'Supported.' }));
    expect(github.writes).toEqual(['create 1000']);
  });

  it('keeps the comments of several manifests and of several jobs apart', async () => {
    const other = { marker: markerFor('transfer.yml', 'gpu'), mode: 'review' as const, commit };
    const github = fakeGitHub({ conversation: [said(5, { about: other }), said(6)] });
    await placeComment(github, 7, wanted({ text: 'Supported.' }));
    expect(github.writes).toEqual(['update 6']);
  });

  it('starts no comment where only a correction is wanted, but corrects one', async () => {
    const empty = fakeGitHub();
    expect(await placeComment(empty, 7, wanted({ create: false }))).toMatchObject({ action: 'none', comment: null });
    const red = fakeGitHub({ conversation: [said(5, { text: 'Undocumented.' })] });
    expect(await placeComment(red, 7, wanted({ create: false }))).toMatchObject({ action: 'updated' });
  });

  it('lets a check not replace what a review found at the same commit', async () => {
    const github = fakeGitHub({ conversation: [said(5)] });
    const check = { text: 'Documented.', about: { marker, mode: 'check' as const, commit } };
    expect(await placeComment(github, 7, wanted(check))).toMatchObject({ action: 'kept', comment: { id: 5 } });
    const later = { ...check, about: { ...check.about, commit: 'b'.repeat(40) } };
    expect(await placeComment(github, 7, wanted(later))).toMatchObject({ action: 'updated' });
  });

  it('keeps one comment when two runs race: the younger gives way to the older', async () => {
    const github = fakeGitHub();
    github.beforeCreate = () => github.conversation.push(said(5, { text: 'From the other run.' }));
    const placed = await placeComment(github, 7, wanted());
    expect(placed).toMatchObject({ action: 'updated', comment: { id: 5 } });
    expect(github.conversation.map((comment) => [comment.id, comment.body.split('\n')[2]])).toEqual([[5, 'Tied.']]);
  });

  it('stays when the other run’s comment is the younger one, which gives way itself', async () => {
    const github = fakeGitHub();
    const placing = placeComment(github, 7, wanted());
    const list = github.comments;
    let calls = 0;
    github.comments = async (number) => [...(await list(number)), ...(++calls === 1 ? [said(2000)] : [])];
    expect(await placing).toMatchObject({ action: 'created', comment: { id: 1000 } });
  });

  it('merges duplicates that an interrupted run left behind into the oldest', async () => {
    const github = fakeGitHub({ conversation: [said(9), said(5), said(7)] });
    await placeComment(github, 7, wanted({ text: 'Supported.' }));
    expect(github.conversation.map((comment) => comment.id)).toEqual([5]);
    expect(readMarker(github.conversation[0]!.body)).toMatchObject({ marker });
  });

  it('learns the login of another app’s token and takes up that app’s older comment', async () => {
    const github = fakeGitHub({ conversation: [said(5, {}, 'my-app[bot]')], login: 'my-app[bot]' });
    const placed = await placeComment(github, 7, wanted({ text: 'Supported.' }));
    expect(placed).toMatchObject({ action: 'updated', comment: { id: 5 }, learnedAuthor: 'my-app[bot]' });
    expect(github.conversation.map((comment) => comment.id)).toEqual([5]);
  });

  it('sends a shorter text once when GitHub finds it too long, and finds it unchanged later', async () => {
    const github = fakeGitHub({ conversation: [said(5)] });
    const { updateComment } = github;
    github.updateComment = async (commentId, body) => {
      if (body.includes('details'))
        throw new TransferEvidenceError('github-failed', 'no', { cause: new TooLong('no') });
      return updateComment(commentId, body);
    };
    const long = wanted({ text: 'Tied.\n\n<details><summary>All</summary>\n\nrows\n\n</details>\n' });
    expect(await placeComment(github, 7, long)).toMatchObject({ action: 'updated' });
    expect(github.conversation[0]!.body).toContain('Tied.');
    expect(github.conversation[0]!.body).toContain(runUrl);
    expect(await placeComment(github, 7, long)).toMatchObject({ action: 'unchanged' });
  });
});

describe('mark', () => {
  it('marks a report that starts with its marker already only once', () => {
    const about = { marker, mode: 'check' as const, commit: null };
    expect(mark(`${marker}\n\nTied.`, about, null)).toBe(mark('Tied.', about, null));
    expect(readMarker(mark('Tied.', about, null))).toMatchObject(about);
  });
});
