/** Far below every length at which GitHub was seen to refuse a comment. */
const shortLength = 15_000;

/**
 * A report without its folded sections, for a comment that GitHub found too long. The full text is in the run's
 * summary. Folds are dropped whole, so that no table is cut in two.
 */
export function shorten(text: string, runUrl: string | null): string {
  const unfolded = withoutFolds(text).trimEnd();
  const where = runUrl === null ? 'the summary of the run' : `[the summary of the run](${runUrl})`;
  const note = `\n\n*GitHub did not take the whole report as a comment. All of it is in ${where}.*\n`;
  if (unfolded.length + note.length <= shortLength) return unfolded + note;
  const paragraphs = unfolded.split('\n\n');
  let kept = '';
  for (const paragraph of paragraphs) {
    if (kept.length + paragraph.length + note.length > shortLength) break;
    kept += `${paragraph}\n\n`;
  }
  return kept.trimEnd() + note;
}

/** Removes every `<details>` element, nested ones included. */
function withoutFolds(text: string): string {
  let depth = 0;
  let kept = '';
  for (const piece of text.split(/(<details[^>]*>|<\/details>)/)) {
    if (piece.startsWith('<details')) depth++;
    else if (piece === '</details>') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += piece;
  }
  return kept;
}
