/** Addresses of licences that stand for a name: Creative Commons, SPDX, the Open Source Initiative. */
const addresses: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/creativecommons\.org\/licenses\/([a-z-]+)\/([\d.]+)/u, ([, kind, version]) => `cc ${kind} ${version}`],
  [/creativecommons\.org\/publicdomain\/zero\/([\d.]+)/u, ([, version]) => `cc0 ${version}`],
  [/(?:spdx\.org|opensource\.org|choosealicense\.com)\/licenses?\/([a-z0-9.-]+?)(?:\.html|\/)?$/u, ([, id]) => id!],
];

const fillers = /\b(?:the|licen[cs]e|version|v(?=\d)|public|international)\b/gu;

/**
 * Whether two statements of a licence name different ones: `CC BY 4.0`, `cc-by-4.0` and its address are one. `null` where that cannot be
 * told: one is an address of something else, or a text of the licence’s own.
 */
export function licencesDiffer(a: string, b: string): boolean | null {
  const [one, other] = [plain(a), plain(b)];
  if (one === other) return false;
  return one === null || other === null ? null : true;
}

function plain(licence: string): string | null {
  const text = licence.trim().toLowerCase();
  for (const [pattern, name] of addresses) {
    const found = pattern.exec(text);
    if (found) return bare(name(found));
  }
  if (/^https?:/u.test(text) || text.length > 60) return null;
  return bare(text.replace(/\bcreative commons attribution\b/gu, 'cc by').replace(fillers, ''));
}

/** A version’s last `.0` is often left out. */
function bare(text: string): string {
  return text.replace(/(\d)\.0\b/gu, '$1').replace(/[^\p{L}\p{N}]/gu, '');
}
