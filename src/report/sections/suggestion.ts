import { strongestProbe } from '../../manifest/probes.ts';
import type { Candidate, Manifest } from '../../manifest/schema.ts';
import { claimsOf } from '../../manifest/statements.ts';
import type { Section } from '../document.ts';
import type { ReportInput } from '../input.ts';

/** A first testable claim to paste, where none is stated. */
export function suggestionSection({ manifest }: ReportInput): Section[] {
  if (manifest === null) return [];
  const text = claimToPaste(manifest);
  if (text === null) return [];
  return [
    {
      name: 'a claim to paste',
      title: 'No testable claim is stated. One to start from',
      folded: true,
      weight: 45,
      blocks: [
        {
          kind: 'paragraph',
          text: [
            'Put this in place of the manifest’s ',
            { code: 'justification' },
            ', with a margin that matters to you.',
          ],
        },
        { kind: 'code', language: 'yaml', text },
      ],
    },
  ];
}

/** A claim about the chosen source and the first alternative, on what the two can be measured by; `null` if one is stated. */
function claimToPaste(manifest: Manifest): string | null {
  const { justification, chosen, candidates } = manifest;
  if (claimsOf(manifest).some(({ test }) => test !== 'untestable')) return null;
  const mine = candidates.find(({ id }) => id === chosen);
  const fromScratch = chosen === 'scratch';
  const other = candidates.find((candidate) => candidate.id !== chosen && (!fromScratch || hasWeights(candidate)));
  const haveWeights = (fromScratch || hasWeights(mine)) && hasWeights(other);
  const haveSamples = [mine, other].every((candidate) => candidate?.sample !== undefined);
  const object = other?.id ?? 'scratch';
  const claim =
    haveWeights || (other === undefined && hasWeights(mine))
      ? {
          factor: 'performance',
          text: `${chosen} transfers better than ${object} by two points or more.`,
          test: `{measure: ${strongestProbe(manifest)}, subject: ${chosen}, relation: greater_than, object: ${object}, margin: 0.02}`,
        }
      : haveSamples
        ? {
            factor: 'embedding_similarity',
            text: `${chosen} is closer to the target than ${object}.`,
            test: `{measure: embedding.mmd, subject: ${chosen}, relation: closer_than, object: ${object}}`,
          }
        : null;
  if (claim === null) return null;
  const summary =
    typeof justification === 'string' ? justification : (justification?.summary ?? 'Why this source, in a sentence.');
  return [
    'justification:',
    `  summary: ${JSON.stringify(summary)}`,
    '  claims:',
    '    - id: C1',
    `      factor: ${claim.factor}`,
    `      text: ${claim.text}`,
    `      test: ${claim.test}`,
  ].join('\n');
}

function hasWeights(candidate: Candidate | undefined): boolean {
  return candidate?.weights !== undefined && candidate.weights !== 'none';
}
