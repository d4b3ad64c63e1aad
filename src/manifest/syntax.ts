import { Lexer } from 'yaml';

export const depthLimit = 32;
const tokenLimit = 200_000;

export const tooDeep = `Nested more than ${depthLimit} levels deep; a manifest needs fewer than ten.`;

/**
 * What makes a text too large or too deep to compose. Lexing is linear and cheap; composing is neither for hostile
 * input, so its size and depth are bounded first.
 */
export function excessOf(text: string): { code: string; offset: number; message: string } | null {
  let tokens = 0;
  let offset = 0;
  let depth = 0;
  let compact = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    else if (token === '-' || token === '?') compact += 1;
    else if (token === '\n' || token === '\r\n') compact = 0;
    if (depth > depthLimit || compact > depthLimit)
      return {
        code: 'too-deep',
        offset,
        message: tooDeep,
      };
    if (++tokens > tokenLimit)
      return {
        code: 'too-large',
        offset,
        message: `More than ${tokenLimit} YAML tokens; a long manifest has a few thousand. Is this the right file?`,
      };
    // The lexer marks document starts, flow ends and scalars with single characters that are not in the text.
    if (token !== '\u0002' && token !== '\u0018' && token !== '\u001f') offset += token.length;
  }
  return null;
}

/** A library error in the words of someone who writes a manifest. */
export function explainSyntax(code: string, message: string): { code: string; message: string } {
  switch (code) {
    case 'TAB_AS_INDENT':
      return {
        code: 'tab',
        message: 'YAML is indented with spaces; this line is indented with a tab. Replace it with spaces.',
      };
    case 'MULTIPLE_DOCS':
      return {
        code: 'several-documents',
        message: 'A second YAML document begins here (---). One file holds one manifest: split it.',
      };
    case 'RESOURCE_EXHAUSTION':
      return {
        code: 'too-deep',
        message: tooDeep,
      };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        code: 'syntax',
        message:
          'A second “key: value” on one line, or a wrong indent. If the colon belongs to the text, put quotes around the text.',
      };
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        code: 'syntax',
        message:
          'Expected “key: value” here. Is the colon, or the space after it, missing, or the next line indented too far?',
      };
    case 'BAD_SCALAR_START':
      return { code: 'syntax', message: `${message}. Put quotes around the text.` };
    case 'UNEXPECTED_TOKEN':
      if (!message.includes('at node end')) return { code: 'syntax', message: `Not valid YAML: ${message}.` };
      return {
        code: 'syntax',
        message: "Text follows a closing quote or bracket. A quote inside single quotes is written twice: 'it''s'.",
      };
    case 'MISSING_CHAR':
    case 'BAD_INDENT':
      return { code: 'syntax', message: `${message}.` };
    default:
      return { code: code === 'TAG_RESOLVE_FAILED' ? 'tag-refused' : 'syntax', message: `Not valid YAML: ${message}.` };
  }
}
