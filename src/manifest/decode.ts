/** 1 MiB: some two hundred times what a long manifest takes. */
export const sizeLimit = 1_048_576;

export type Decoded = { text: string } | { code: string; message: string; offset: number; text: string };

/**
 * Bytes of a file → its text, without a byte order mark; or what is wrong with them, and where.
 * @param size of the whole file in bytes, of which `source` may be the beginning
 * @param what the file is, as messages name it
 */
export function decode(source: Uint8Array | string, size: number, what: 'manifest' | 'card' = 'manifest'): Decoded {
  if (size > sizeLimit) {
    const megabytes = (size / 1_048_576).toFixed(1);
    return refusal('too-large', `The ${what} is ${megabytes} MB; at most 1 MB is read. Is this the right file?`);
  }
  const decoded = typeof source === 'string' ? { text: source.replace(/^\uFEFF/, '') } : decodeUtf8(source);
  if ('code' in decoded) return decoded;
  const control = /(?![\t\n\r\u0085])\p{Cc}/u.exec(decoded.text);
  if (control === null) return decoded;
  const code = control[0].charCodeAt(0);
  const found =
    code === 0 ? 'a NUL byte' : `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return {
    code: 'wrong-encoding',
    message: `The file holds ${found}, so it is not a text file, or it is damaged. Save the ${what} as UTF-8 text.`,
    offset: control.index,
    text: decoded.text,
  };
}

function decodeUtf8(bytes: Uint8Array): Decoded {
  const mark = wideMarks.find(({ start }) => start.every((byte, index) => bytes[index] === byte));
  if (mark) return refusal('wrong-encoding', `The file is encoded as ${mark.name}. Save it as UTF-8.`);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const valid = validPrefix(bytes);
    const text = new TextDecoder('utf-8').decode(bytes.subarray(0, valid));
    const byte = bytes[valid]!.toString(16).padStart(2, '0');
    return {
      code: 'wrong-encoding',
      message: `The file is not UTF-8: byte ${valid + 1} (0x${byte}) fits no character. Save it as UTF-8 (it may be Latin-1 or Windows-1252 now).`,
      offset: text.length,
      text,
    };
  }
}

// UTF-32's little-endian mark begins with UTF-16's, so it is looked for first.
const wideMarks = [
  { name: 'UTF-32', start: [0xff, 0xfe, 0, 0] },
  { name: 'UTF-32', start: [0, 0, 0xfe, 0xff] },
  { name: 'UTF-16', start: [0xff, 0xfe] },
  { name: 'UTF-16', start: [0xfe, 0xff] },
];

/** Length of the longest prefix that is whole, valid UTF-8: where the first wrong or cut character begins. */
function validPrefix(bytes: Uint8Array): number {
  const isValid = (length: number, stream: boolean) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let low = 0;
  let high = bytes.length;
  // As a stream a prefix may end inside a character, so that validity only ever ends, and can be searched for.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isValid(middle, true)) low = middle;
    else high = middle - 1;
  }
  while (!isValid(low, false)) low -= 1;
  return low;
}

function refusal(code: string, message: string): Decoded {
  return { code, message, offset: 0, text: '' };
}
