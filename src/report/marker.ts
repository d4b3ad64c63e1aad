/**
 * The hidden first line by which a manifest's comment is found again. It differs for every manifest and comment id, and
 * nothing in either can end the HTML comment.
 */
export function markerFor(manifestFile: string, commentId?: string): string {
  const key = (text: string): string =>
    [...text].map((character) => (/[A-Za-z0-9._/]/.test(character) ? character : encodeCharacter(character))).join('');
  return `<!-- transfer-evidence:${key(manifestFile)}${commentId ? `#${key(commentId)}` : ''} -->`;
}

function encodeCharacter(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
