import type { Location } from '../errors.ts';
import { isProbe } from '../measures.ts';
import { quote } from './path.ts';
import { applyWaivers, levelOf } from './policy.ts';
import { strongestProbe } from './probes.ts';
import type { Problem } from './problem.ts';
import { concludesPerformance, isDocumented, isNormOnly } from './reasoning.ts';
import type { Factor, Manifest, Rule } from './schema.ts';
import { claimsOf, hasQuantity, statementsOf } from './statements.ts';
import { vagueMessage, vagueStatements } from './vague.ts';

type Fire = (rule: Rule, path: string, message: string) => void;

/**
 * The policy rules that fire from words alone. A false alarm costs more than a missed one, so a rule is silent wherever
 * the words can be read in the authors' favour.
 * @param locate where a dotted path stands in the manifest
 * @param today ISO date that waivers are held against
 * @returns one problem per rule and place, at the level that the manifest's policy gives it; waived ones are marked
 */
export function lint(manifest: Manifest, locate: (path: string) => Location, today: string): Problem[] {
  const problems: Problem[] = [];
  const fire: Fire = (rule, path, message) => {
    const level = levelOf(manifest, rule);
    if (level !== 'off') problems.push({ level, code: rule, rule, path, location: locate(path), message });
  };
  if (isDocumented(manifest)) {
    lintWords(manifest, fire);
    lintEthics(manifest, fire);
  } else fire('undocumented', 'justification', undocumentedMessage(manifest));
  lintChoice(manifest, fire);
  return applyWaivers(problems, manifest, today);
}

function undocumentedMessage({ justification, chosen }: Manifest): string {
  const found = justification === undefined ? 'there is none' : 'what stands there is no reason yet';
  return `Expected a reason why ${quote(chosen)} was chosen, but ${found}. Write \`justification:\` with a sentence of your own: why this source and not the others.`;
}

const quantities: Partial<Record<Factor, string>> = {
  dataset_size: 'how many images, classes or patients',
  diversity: 'how many classes, sites, scanners or patients',
  image_quality: 'which sharpness, noise or resolution (visual.sharpness, visual.noise, visual.resolution)',
  label_quality: 'who labelled, how many labels an image, which error rate or agreement',
};

function lintWords(manifest: Manifest, fire: Fire): void {
  const unmeasured = new Set<string>();
  for (const { path, text, kind, factor } of statementsOf(manifest)) {
    const ask = kind === 'factor' && factor !== undefined ? quantities[factor] : undefined;
    if (ask === undefined || hasQuantity(text) || isQuantified(manifest, factor!)) continue;
    unmeasured.add(path);
    fire(
      'unmeasured_quantity',
      path,
      `\`${factor}\` is a reason here, without a number. Say ${ask}, or add \`define:\` beside the text.`,
    );
  }
  const norm = isNormOnly(manifest);
  if (norm)
    fire(
      'norm_only',
      'justification',
      'That others use this source is the only reason given. That is a legitimate reason, but no sign that it works better here. Add a second reason, or a claim with a `test`.',
    );
  const concluding = lintPerformance(manifest, fire);
  // What another rule says of a statement already is not said again word by word.
  for (const vague of vagueStatements(manifest)) {
    const { path } = vague.statement;
    const terms = vague.terms.filter(
      ({ entry }) => !(concluding.has(path) && entry.term === 'better') && !(norm && normTerms.has(entry.term)),
    );
    if (!unmeasured.has(path) && terms.length > 0) fire('vague_term', path, vagueMessage({ ...vague, terms }));
  }
}

const normTerms: ReadonlySet<string> = new Set(['standard', 'well-known', 'state of the art']);

/** The number or definition that a factor's text lacks stands elsewhere: beside it, in a test, or in the source's card. */
function isQuantified({ justification, candidates, chosen }: Manifest, factor: Factor): boolean {
  if (typeof justification !== 'object') return false;
  if (justification.factors?.[factor]?.define !== undefined) return true;
  if (justification.claims?.some((claim) => claim.factor === factor && claim.test !== 'untestable')) return true;
  const card = candidates.find((candidate) => candidate.id === chosen)?.data;
  return factor === 'dataset_size' && (card?.images ?? card?.patients) !== undefined;
}

/** @returns the paths of statements that conclude performance from similarity */
function lintPerformance(manifest: Manifest, fire: Fire): ReadonlySet<string> {
  const concluding = new Set<string>();
  const claims = claimsOf(manifest);
  claims.forEach(({ factor, test }, index) => {
    if (factor === 'performance' && test !== 'untestable' && !isProbe(test.measure))
      fire(
        'similarity_as_performance',
        `justification.claims[${index}].test.measure`,
        `A claim about performance is tested by ${test.measure}, a distance; closer is not better. Test it with ${strongestProbe(manifest)}, or make it a claim about similarity.`,
      );
  });
  if (claims.some(({ test }) => test !== 'untestable' && isProbe(test.measure))) return concluding;
  for (const { path, text, factor } of statementsOf(manifest)) {
    if ((factor !== undefined && factor !== 'performance') || !concludesPerformance(text)) continue;
    concluding.add(path);
    fire(
      'similarity_as_performance',
      path,
      `Better performance is concluded from similarity; the two often disagree. Add a claim with factor: performance and a ${strongestProbe(manifest)} test (depends_on can name the similarity claim).`,
    );
  }
  return concluding;
}

function lintEthics({ justification }: Manifest, fire: Fire): void {
  if (typeof justification !== 'object' || justification.factors === undefined) return;
  if (justification.factors.ethics_fairness !== undefined) return;
  if (justification.claims?.some((claim) => claim.factor === 'ethics_fairness')) return;
  fire(
    'ethics_missing',
    'justification.factors',
    'Factors are listed, but nothing about ethics_fairness. Add it: whom the source shows or leaves out, or `not_considered:` with the reason.',
  );
}

function lintChoice({ candidates, chosen, not_considered, justification }: Manifest, fire: Fire): void {
  if (candidates.length === 1 && candidates[0]!.id === chosen && (not_considered ?? []).length === 0)
    fire(
      'only_winner',
      'candidates',
      `Only ${quote(chosen)} is listed. Add the sources that it was chosen over, or name them under \`not_considered\` with what ruled them out.`,
    );
  const index = candidates.findIndex((candidate) => candidate.id === chosen);
  const candidate = candidates[index];
  if (candidate === undefined) return;
  const { license, weights, data } = candidate;
  const ofWeights = typeof weights === 'object' ? weights.license : undefined;
  const spoken = typeof justification === 'object' && justification.factors?.license !== undefined;
  if (license === undefined && ofWeights === undefined && data?.license === undefined && !spoken)
    fire(
      'license_unknown',
      `candidates[${index}]`,
      `The licence of ${quote(chosen)} is not stated. Add \`license:\` (an SPDX id, or LicenseRef-… with a name).`,
    );
}
