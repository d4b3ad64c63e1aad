export type PathSegment = string | number;

/** `candidates[1].weights.sha256`; a key that is not a plain word is quoted: `ratings["a.b"]`. The root is ''. */
export function formatPath(segments: readonly PathSegment[]): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (!/^[A-Za-z_][\w-]*$/.test(segment)) path += `[${quote(segment)}]`;
    else path += path === '' ? segment : `.${segment}`;
  }
  return path;
}

/** The path one level up, or null at the root. */
export function parentPath(path: string): string | null {
  if (path === '') return null;
  if (!path.endsWith(']')) return path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const opening = path.endsWith('"]') ? openingQuote(path) : path.lastIndexOf('[');
  return path.slice(0, Math.max(0, opening));
}

function openingQuote(path: string): number {
  for (let at = path.length - 3; at >= 1; at--) {
    if (path[at] !== '"' || path[at - 1] !== '[') continue;
    try {
      JSON.parse(path.slice(at, -1));
      return at - 1;
    } catch {
      // a bracket and quote inside the quoted key
    }
  }
  return 0;
}

/**
 * Text from the file as a message shows it: in double quotes, shortened, with everything escaped that could act on a
 * terminal or reorder the line.
 */
export function quote(text: string, longest = 60): string {
  return harmless(JSON.stringify(text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text));
}

/** Controls, bidirectional marks and line separators written out; at most 300 characters. */
export function harmless(text: string): string {
  return text
    .slice(0, 300)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
