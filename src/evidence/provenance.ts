import { basename, dirname, extname } from 'node:path/posix';
import type { CardProvenance, ManifestCards } from '../card/manifest-cards.ts';
import type { Provenance } from '../integrity/weights-saw-target.ts';
import type { Candidate, DataSource, Manifest } from '../manifest/schema.ts';

/** Where the target's images and each candidate's weights come from, as far as the manifest and its cards say. */
export interface ProvenanceOfAll {
  target: Provenance;
  /** In the order of the candidates. */
  candidates: Provenance[];
}

/** @param cards what the cards of the same manifest say */
export function provenanceOf({ target, candidates }: Manifest, cards: ManifestCards): ProvenanceOfAll {
  const { doi, names, madeFrom } = cards.target;
  return {
    target: {
      name: target.name,
      doi: doiIn(target.card) ?? doi,
      hints: namesOf(target.data),
      inCards: names,
      madeFrom,
    },
    candidates: candidates.map((candidate, index) => ofCandidate(candidate, cards.candidates[index]!)),
  };
}

function ofCandidate({ id, data, sample, weights, card }: Candidate, said: CardProvenance): Provenance {
  const ref = typeof weights === 'object' ? weights.ref : weights;
  return {
    name: data?.name ?? null,
    doi: data?.doi ?? doiIn(card) ?? said.doi,
    hints: [id, ...(ref === undefined ? [] : [stem(ref)]), ...(sample === undefined ? [] : namesOf(sample))],
    inCards: said.names,
    madeFrom: said.madeFrom,
  };
}

/** A folder's name; of a table its own and its folder's. */
function namesOf(data: DataSource): string[] {
  const path = (typeof data === 'string' ? data : data.path).replaceAll('\\', '/');
  return extname(path) === '' ? [basename(path)] : [stem(path), basename(dirname(path))];
}

function stem(path: string): string {
  return basename(path.replaceAll('\\', '/')).replace(/\.(?:onnx|csv|tsv)$/iu, '');
}

function doiIn(card: string | undefined): string | null {
  return card === undefined ? null : (/10\.\d{4,9}\/\S+/u.exec(card)?.[0] ?? null);
}
