import { isCloseness, measures } from '../measures.ts';
import { checkUnique, type Refuse, unknownName } from './names.ts';
import { quote } from './path.ts';
import { checkProbeAsked } from './probes.ts';
import type { Claim, ClaimTest, Manifest } from './schema.ts';
import { claimsOf } from './statements.ts';

/** Claims refer to candidates, encoders and each other, and their relation fits their measure. */
export function checkClaims(manifest: Manifest, refuse: Refuse): void {
  const claims = claimsOf(manifest);
  checkUnique(
    claims.map((claim) => claim.id),
    (index) => `justification.claims[${index}].id`,
    'claims',
    refuse,
  );
  claims.forEach((claim, index) => {
    const path = `justification.claims[${index}]`;
    if (claim.test !== 'untestable') checkTest(claim.test, `${path}.test`, manifest, refuse);
    checkDependencies(claim, path, claims, refuse);
  });
  checkCycles(claims, refuse);
}

function checkTest(test: ClaimTest, path: string, manifest: Manifest, refuse: Refuse): void {
  checkProbeAsked(test, path, manifest, refuse);
  const { family } = measures[test.measure];
  const ids = manifest.candidates.map((candidate) => candidate.id);
  for (const role of ['subject', 'object'] as const) {
    const id = test[role];
    if (ids.includes(id)) continue;
    const at = `${path}.${role}`;
    if (id !== 'scratch') {
      const known = family === 'probe' ? [...ids, 'scratch'] : ids;
      refuse('unknown-candidate', at, `\`${at}\` must be a candidate: ${unknownName('candidate', id, known)}`);
    } else if (family !== 'probe')
      refuse(
        'scratch-not-comparable',
        at,
        `\`scratch\` has no images, so ${test.measure} cannot compare it. Use a probe measure, or another candidate: ${ids.join(', ')}.`,
      );
  }
  if (test.subject === test.object)
    refuse(
      'same-candidate',
      `${path}.object`,
      `A claim compares two candidates, but subject and object are both ${quote(test.subject)}.`,
    );

  const isClose = isCloseness(test.measure);
  if (isClose !== (test.relation === 'closer_than')) {
    const fits = isClose ? '`closer_than`' : '`greater_than` or `not_worse_than`';
    const kind = isClose ? 'a distance to the target' : 'a score';
    refuse(
      'relation-mismatch',
      `${path}.relation`,
      `${test.measure} is ${kind}; its relation is ${fits}, found \`${test.relation}\`.`,
    );
  }
  if (family === 'probe' && test.margin >= 1)
    refuse(
      'bad-margin',
      `${path}.margin`,
      `A score lies between 0 and 1, so no difference reaches ${test.margin}. Three points are margin: 0.03.`,
    );
  if (test.encoder === undefined) return;
  const encoders = manifest.evidence.encoders.map((encoder) => (encoder === 'scattering' ? encoder : encoder.id));
  if (family !== 'embedding')
    refuse(
      'encoder-unused',
      `${path}.encoder`,
      `${test.measure} uses no encoder; only embedding measures do. Remove this key.`,
    );
  else if (!encoders.includes(test.encoder))
    refuse(
      'unknown-encoder',
      `${path}.encoder`,
      `In \`evidence.encoders\` ${unknownName('encoder', test.encoder, encoders)}`,
    );
}

function checkDependencies(claim: Claim, path: string, claims: readonly Claim[], refuse: Refuse): void {
  const ids = claims.map((other) => other.id);
  claim.depends_on?.forEach((id, index) => {
    if (!ids.includes(id))
      refuse('unknown-claim', `${path}.depends_on[${index}]`, `In \`depends_on\` ${unknownName('claim', id, ids)}`);
  });
}

/** Each ring of claims is told once, at the claim of it that stands first in the file. */
function checkCycles(claims: readonly Claim[], refuse: Refuse): void {
  const byId = new Map(claims.map((claim) => [claim.id, claim]));
  const finished = new Set<string>();
  const visit = (id: string, trail: string[]): void => {
    const claim = byId.get(id);
    if (claim === undefined || finished.has(id)) return;
    const start = trail.indexOf(id);
    if (start >= 0) {
      const ring = trail.slice(start);
      const at = Math.min(...ring.map((member) => claims.findIndex((other) => other.id === member)));
      const told = [...ring, id].join(' → ');
      refuse(
        'cyclic-claims',
        `justification.claims[${at}].depends_on`,
        `Claims depend on each other in a ring: ${told}. Remove one.`,
      );
      return;
    }
    for (const next of claim.depends_on ?? []) visit(next, [...trail, id]);
    finished.add(id);
  };
  for (const claim of claims) visit(claim.id, []);
}
