import type { Factor, Manifest } from './schema.ts';
import { templateReason } from './smallest.ts';
import { countWords, sentencesOf, statementsOf } from './statements.ts';

const handful = 5;

/** Is there a reason at all: a few words of the authors' own, anywhere in the justification? */
export function isDocumented(manifest: Manifest): boolean {
  const { justification } = manifest;
  const defined =
    typeof justification === 'object' ? Object.values(justification.factors ?? {}).map(({ define }) => define) : [];
  return [...statementsOf(manifest).map(({ text }) => text), ...defined].some(
    (text) => text !== undefined && !isTemplate(text) && countWords(text) >= handful,
  );
}

function isTemplate(text: string): boolean {
  const plain = (words: string) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  return (
    plain(text) === plain(templateReason) || /^\s*(?:todo|tbd|fixme|xxx|lorem ipsum)\b|^\s*<[^>]*>\s*$/i.test(text)
  );
}

const norm = new RegExp(
  [
    String.raw`\b(?:reviewers?|referees?|editors?)\s+(?:will\s+|would\s+)?(?:expect|want|ask|demand)s?\b`,
    String.raw`\bevery(?:one|body)(?:\s+else)?\s+(?:uses?|does|starts?)\b`,
    String.raw`\b(?:commonly|widely)[\s-]+used\b`,
    String.raw`\bstandard(?=\s+(?:choice|practice|approach|baseline|backbone|source|option|start\w*|pre-?training|weights|in|for|among)\b|\s*[.,;!]|\s*$)`,
    String.raw`\bcommon\s+practice\b`,
    String.raw`\bby\s+convention\b`,
    String.raw`\bmost\s+(?:[\p{L}-]+\s+){0,3}(?:papers?|people|groups|works?|studies|teams)\s+(?:use|start|do|rely|begin)s?\b`,
    String.raw`\b(?:default\s+choice|popular)\b`,
  ].join('|'),
  'iu',
);

const otherReason =
  /\b(?:similar\w*|resembl\w+|looks?\b|textur\w+|colou?rs?|closer?|same|unlike|modalit(?:y|ies)|licen[cs]\w+|permi\w+|allow\w*|availab\w+|free(?:ly)?|offline|download\w*|we\s+(?:have\s+|had\s+|also\s+)?(?:used|tried|found|measured|saw|tested|trained|compared)|our\s+(?:earlier|previous|own|last)|previous\w*|earlier|experience\w*|measured|accura\w+|auc|outperform\w*|better|best|worse|larger?|bigger|million|thousand|divers\w+|quality|label\w*|robust\w*|fair\w*|bias\w*|ethic\w*|consent|cost\w*|cheap\w*|fast\w*|smaller|memory|only\s+(?:one|source|network)|doctors?|clinic\w+)\b|because\s+(?!everyone|everybody|it\s+is\s+(?:the\s+)?(?:standard|common))/iu;

/** Is “others do it” all that is said for the choice? Any second reason, in any words, is taken as one. */
export function isNormOnly(manifest: Manifest): boolean {
  const { justification } = manifest;
  if (justification === undefined) return false;
  const summary = typeof justification === 'string' ? justification : justification.summary;
  if (otherReason.test(summary)) return false;
  const stated = new Set<Factor>();
  if (typeof justification === 'object') {
    for (const [factor, { text, rank, define }] of Object.entries(justification.factors ?? {}))
      if (text !== undefined || rank !== undefined || define !== undefined) stated.add(factor as Factor);
    for (const claim of justification.claims ?? []) stated.add(claim.factor);
  }
  if (stated.size > 0) return stated.size === 1 && stated.has('community_norm');
  return norm.test(summary);
}

const similar =
  /\b(?:similar|closer|close\s+to|resembl\w+|looks?\s+(?:more\s+)?like|same\s+(?:domain|modality)|related|domain\s+gap|medical\s+(?:source|images?|pre-?training|data|weights)|radiolog\w+\s+(?:source|images?|pre-?training|data|weights))\b/i;
const better =
  /\b(?:better|best|outperform\w*|higher\s+(?:accuracy|auc|scores?|performance)|(?:performs?|transfers?|works?)\s+well|improv\w+)\b/i;
const therefore =
  /\b(?:therefore|thus|hence|consequently|so(?![\s-]+(?:called|far|that|long|many|much))|which\s+means|and\s+will|it\s+will|will\s+(?:therefore|thus)|should)\b/i;
const because = /\b(?:because|since|as\s+it|due\s+to|owing\s+to)\b/i;
const doubt =
  /\b(?:not|no|never|cannot|neither|nor|without|whether|unclear|unknown|untested|may|might|could|but|however|yet|although|though|question|if)\b|n[’']t\b/i;

/** Does the text conclude better performance from similarity: “more similar, therefore better”? Doubt is no conclusion. */
export function concludesPerformance(text: string): boolean {
  const sentences = sentencesOf(text);
  return sentences.some((sentence, index) => {
    const next = sentences[index + 1];
    const both =
      next !== undefined && /\b(?:therefore|thus|hence|consequently)\b|^so\b/i.test(next)
        ? `${sentence} ${next}`
        : sentence;
    if (doubt.test(both)) return false;
    return inOrder(both, [similar, therefore, better]) || inOrder(both, [better, because, similar]);
  });
}

function inOrder(text: string, patterns: readonly RegExp[]): boolean {
  let rest = text;
  for (const pattern of patterns) {
    const found = pattern.exec(rest);
    if (found === null) return false;
    rest = rest.slice(found.index + found[0].length);
  }
  return true;
}
