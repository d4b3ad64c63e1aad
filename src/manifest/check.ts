import { meanColourId, scratchId } from '../controls.ts';
import type { Location } from '../errors.ts';
import { checkClaims } from './check-claims.ts';
import { checkSources } from './check-sources.ts';
import { checkUnique, type Refuse, unknownName } from './names.ts';
import { quote } from './path.ts';
import { checkProbes } from './probes.ts';
import type { Problem } from './problem.ts';
import type { Manifest } from './schema.ts';
import { claimsOf } from './statements.ts';

/** Ids that the program gives to the controls it adds itself. */
const reservedIds: readonly string[] = [scratchId, meanColourId];

/**
 * What a schema cannot see: whether names refer to something, whether keys fit each other.
 * @returns problems of level `error`, none when the manifest can be used
 */
export function checkManifest(manifest: Manifest, locate: (path: string) => Location): Problem[] {
  const problems: Problem[] = [];
  const refuse: Refuse = (code, path, message) =>
    problems.push({ level: 'error', code, path, location: locate(path), message });
  checkCandidates(manifest, refuse);
  checkSources(manifest, refuse);
  checkProbes(manifest, refuse);
  checkClaims(manifest, refuse);
  checkRanks(manifest, refuse);
  checkWaivers(manifest, refuse);
  return problems;
}

function checkCandidates(manifest: Manifest, refuse: Refuse): void {
  const ids = manifest.candidates.map((candidate) => candidate.id);
  checkUnique(ids, (index) => `candidates[${index}].id`, 'candidates', refuse);
  ids.forEach((id, index) => {
    if (reservedIds.includes(id))
      refuse(
        'reserved-id',
        `candidates[${index}].id`,
        `${quote(id)} is the name of a control that is always added. Remove this candidate, or rename it.`,
      );
  });
  if (ids.includes(manifest.chosen)) return;
  if (manifest.chosen !== scratchId)
    refuse(
      'unknown-candidate',
      'chosen',
      `\`chosen\` must be a candidate: ${unknownName('candidate', manifest.chosen, [...ids, scratchId])}`,
    );
  else if (manifest.candidates.every(({ weights }) => weights === undefined || weights === 'none'))
    refuse(
      'nothing-to-measure',
      'chosen',
      '`chosen` is scratch, which is the network of a candidate before any training, but no candidate has `weights`. Add them to one.',
    );
}

/** Ranks and ratings speak of candidates; random initialisation may be ranked as well. */
function checkRanks(manifest: Manifest, refuse: Refuse): void {
  const ids = manifest.candidates.map((candidate) => candidate.id);
  const rankable = [...ids, scratchId];
  const checkRank = (rank: readonly string[], path: string) => {
    rank.forEach((id, index) => {
      if (!rankable.includes(id))
        refuse('unknown-candidate', `${path}[${index}]`, `In \`${path}\`: ${unknownName('candidate', id, rankable)}`);
    });
    checkUnique(rank, (index) => `${path}[${index}]`, 'places in one rank', refuse);
  };
  if (typeof manifest.justification === 'object')
    for (const [factor, statement] of Object.entries(manifest.justification.factors ?? {}))
      if (statement.rank) checkRank(statement.rank, `justification.factors.${factor}.rank`);
  const raters = manifest.intuition?.raters ?? [];
  checkUnique(
    raters.map((rater) => rater.id),
    (index) => `intuition.raters[${index}].id`,
    'raters',
    refuse,
  );
  raters.forEach((rater, index) => {
    checkRank(rater.expected_rank, `intuition.raters[${index}].expected_rank`);
    for (const id of Object.keys(rater.ratings ?? {}))
      if (!rankable.includes(id)) {
        const path = `intuition.raters[${index}].ratings`;
        refuse('unknown-candidate', formatKey(path, id), `In \`${path}\`: ${unknownName('candidate', id, rankable)}`);
      }
  });
}

function formatKey(path: string, key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `${path}.${key}` : `${path}[${quote(key)}]`;
}

function checkWaivers(manifest: Manifest, refuse: Refuse): void {
  const claims = claimsOf(manifest).map((claim) => claim.id);
  manifest.waivers.forEach((waiver, index) => {
    if (waiver.claim !== undefined && !claims.includes(waiver.claim))
      refuse(
        'unknown-claim',
        `waivers[${index}].claim`,
        `The waiver covers nothing: ${unknownName('claim', waiver.claim, claims)}`,
      );
  });
}
