import { basename, dirname, extname } from 'node:path/posix';
import type { Provenance } from '../integrity/weights-saw-target.ts';
import type { Candidate, DataSource, Manifest } from '../manifest/schema.ts';

/** Where the target's images and each candidate's weights come from, as far as the manifest says. */
export interface ProvenanceOfAll {
  target: Provenance;
  /** In the order of the candidates. */
  candidates: Provenance[];
}

export function provenanceOf({ target, candidates }: Manifest): ProvenanceOfAll {
  return {
    target: { name: target.name, doi: doiIn(target.card), hints: namesOf(target.data) },
    candidates: candidates.map(ofCandidate),
  };
}

function ofCandidate({ id, data, sample, weights, card }: Candidate): Provenance {
  const ref = typeof weights === 'object' ? weights.ref : weights;
  return {
    name: data?.name ?? null,
    doi: data?.doi ?? doiIn(card),
    hints: [id, ...(ref === undefined ? [] : [stem(ref)]), ...(sample === undefined ? [] : namesOf(sample))],
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
