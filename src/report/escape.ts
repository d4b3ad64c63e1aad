/**
 * Text from a manifest, a file name or a message, made harmless where it will be read.
 * Every string that reaches a report goes through here, our own words too: there is no way round to forget.
 */

/** Characters that are not seen or that reorder what is seen: controls, zero-width and bidirectional marks, fillers. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu;

/** One line of text in which nothing is hidden: white space is one space (a no-break space stays), unseen characters are shown by code point. */
export function visible(text: string): string {
  return text
    .replace(/[^\S\u00A0]+|\u0085/g, ' ')
    .replace(unseen, (character) => `⟦U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}⟧`);
}

/** Text of several lines, as in a code block: line ends stay, everything unseen is shown. */
export function visibleLines(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => line.replace(/\t/g, '  ').replace(unseen, visible))
    .join('\n');
}

/** At most `length` characters, cut at a character and marked. */
export function clip(text: string, length: number): string {
  const characters = [...text.slice(0, 2 * length + 2)];
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

export function escapeHtml(text: string): string {
  return escapeMarkup(visible(text));
}

/** As escapeHtml, for a code block: line ends and indentation stay, since YAML means something by them. */
export function escapeHtmlLines(text: string): string {
  return escapeMarkup(visibleLines(text));
}

function escapeMarkup(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** Keeps two characters apart without showing anything: GitHub links neither `@&#8203;name` nor `#&#8203;12`. */
const apart = '&#8203;';

/** Breaks what GitHub links by itself in rendered text: mentions, references, addresses, commits; and its math. */
function unlink(html: string): string {
  return html
    .replace(/\$/g, '<span>$</span>')
    .replace(/@/g, `@${apart}`)
    .replace(/(?<!&)#/g, `#${apart}`)
    .replace(/(gh)-(?=\d)/gi, `$1-${apart}`)
    .replace(/:(?=\/\/)/g, `:${apart}`)
    .replace(/(www)\./gi, `$1${apart}.`)
    .replace(/\b(mailto|xmpp):/gi, `$1${apart}:`)
    .replace(/\b([0-9a-f])(?=[0-9a-f]{6,39}\b)/gi, `$1${apart}`);
}

/**
 * Plain text as GitHub Markdown that shows exactly this text: no mention, reference, link, image, HTML, emphasis, math,
 * table cell or block of any kind comes out of it. Line-start constructs are the block's concern (see markdown.ts).
 */
export function escapeMarkdown(text: string): string {
  const html = visible(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return unlink(html.replace(/[\\`*_~|[\]]/g, '\\$&'));
}

/** The same for text inside an HTML block of a comment, where Markdown's backslashes would be seen. */
export function escapeSummary(text: string): string {
  return unlink(escapeHtml(text));
}

/** Whether a name can stand between single backticks as it is, in and out of tables. */
const plainCode = /^[\w .:;,/=+()<>@#?!%'"{}^&*~[\]$-]+$/;

/** A name, path or number in code type. */
export function codeSpan(text: string): string {
  const shown = visible(text).trim();
  if (shown === '') return '<code></code>';
  return plainCode.test(shown) ? `\`${shown}\`` : `<code>${escapeMarkdown(shown)}</code>`;
}

/** A fenced code block; the fence is longer than any run of backticks inside. */
export function codeBlock(text: string, language: string): string {
  const shown = visibleLines(text);
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${shown}\n${fence}`;
}
