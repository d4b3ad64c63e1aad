import type { Claim, Factor, Manifest } from './schema.ts';

/** One thing that the authors wrote to justify the choice. */
export interface Statement {
  path: string;
  text: string;
  kind: 'summary' | 'factor' | 'claim';
  factor?: Factor;
  /** A definition, a reference or a test stands beside it. */
  defined: boolean;
}

/** The claims a manifest makes; none when its justification is one sentence. */
export function claimsOf({ justification }: Pick<Manifest, 'justification'>): Claim[] {
  return typeof justification === 'object' ? (justification.claims ?? []) : [];
}

/** Everything that argues for the choice: the summary, the factors' texts, the claims. */
export function statementsOf({ justification }: Pick<Manifest, 'justification'>): Statement[] {
  if (justification === undefined) return [];
  if (typeof justification === 'string')
    return [{ path: 'justification', text: justification, kind: 'summary', defined: false }];
  const statements: Statement[] = [
    { path: 'justification.summary', text: justification.summary, kind: 'summary', defined: false },
  ];
  for (const [key, { text, define, refs }] of Object.entries(justification.factors ?? {})) {
    if (text === undefined) continue;
    const defined = define !== undefined || (refs?.length ?? 0) > 0;
    statements.push({
      path: `justification.factors.${key}.text`,
      text,
      kind: 'factor',
      factor: key as Factor,
      defined,
    });
  }
  justification.claims?.forEach(({ text, factor, test }, index) => {
    const path = `justification.claims[${index}].text`;
    statements.push({ path, text, kind: 'claim', factor, defined: test !== 'untestable' });
  });
  return statements;
}

/** Sentences, roughly: enough to tell what was said together. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?;])\s+|\n\s*\n/)
    .map((sentence) => sentence.trim())
    .filter(Boolean);
}

/** Words in any script; languages without spaces are cut where their words end. */
export function countWords(text: string): number {
  let count = 0;
  for (const { isWordLike } of new Intl.Segmenter('en', { granularity: 'word' }).segment(text))
    if (isWordLike) count += 1;
  return count;
}

// A digit inside a name (ImageNet-1K, ResNet50) is no quantity.
const standalone = String.raw`(?<![\p{L}\p{N}_.-])\d[\d.,\u202f\u00a0]*`;
const scale = String.raw`\s*(?:k|m|bn|thousand|million|billion)?`;
const units =
  'percent|points?|pts?|images?|patients?|people|cases?|class(?:es)?|samples?|slides?|scans?|films?|photographs?|photos?|pictures?|studies|px|pixels?|db|bits?|grey levels?|sites?|scanners?|hospitals?|cent(?:er|re)s?|labels?|annotators?|raters?|readers?|radiologists?|pathologists?|countries|auc';
const withUnit = new RegExp(
  `${standalone}\\s*%|${standalone}${scale}(?:[\\s-]+\\p{L}+){0,3}?[\\s-]+(?:${units})(?![\\p{L}\\p{N}])`,
  'iu',
);
const scored = /(?<![\p{L}])(?:auc|auroc|accuracy|f1|dice|kappa|alpha|mmd|kid|fid)(?![\p{L}])[^.\d]{0,15}[\d.]*\d/iu;

/** Is there a number with a unit: “131,872 patients”, “3 points”, “AUC 0.93”? */
export function hasNumberWithUnit(text: string): boolean {
  return withUnit.test(text) || scored.test(text);
}

/** Is there any number that could be a count or a share? A year on its own is not. */
export function hasQuantity(text: string): boolean {
  if (hasNumberWithUnit(text) || /\b(?:thousand|million|billion)s?\b/i.test(text)) return true;
  const numbers = text.match(new RegExp(standalone, 'gu')) ?? [];
  return numbers.some((number) => !/^(?:19|20)\d\d[.,]?$/.test(number));
}
