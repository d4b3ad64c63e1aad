import type { Boundaries } from '../dataset/roots.ts';
import type { Manifest } from '../manifest/schema.ts';
import { hubId } from './croissant.ts';
import { disagreements, type Stated, statedOfCandidate, statedOfTarget } from './disagreements.ts';
import type { CardFacts } from './facts.ts';
import { type Filled, fillFromCards } from './fill.ts';
import { isCardFile } from './pointer.ts';
import { readCard } from './read.ts';

/** Something to know about a card. */
export interface CardNote {
  code: 'card_unreadable' | 'card_contradictory';
  /** `target` or a candidate's id. */
  about: string;
  /** Dotted path of the pointer in the manifest. */
  path: string;
  text: string;
}

/** What cards add to where images and weights come from. */
export interface CardProvenance {
  /** Names of the dataset itself, or of those that a network was trained on. */
  names: string[];
  madeFrom: string[];
  /** Of the dataset itself. */
  doi: string | null;
}

/** What the cards that a manifest points to say. */
export interface ManifestCards extends Filled {
  notes: CardNote[];
  target: CardProvenance;
  /** Of the target's whole dataset, of which the images at hand may be a part; for images no more than so many. */
  targetCounts: { images: number | null; patients: number | null };
  /** In the order of the candidates. */
  candidates: CardProvenance[];
  cautions: { about: string; subject: string; text: string }[];
}

/**
 * Reads the cards of the target (`card`, `croissant`) and of the candidates (`card`) where they are files, compares them with what the
 * manifest declares, and fills what it leaves open. A card that cannot be read is a note; nothing is fetched.
 */
export async function readManifestCards(manifest: Manifest, boundaries: Boundaries): Promise<ManifestCards> {
  const notes: CardNote[] = [];
  const read = async (about: string, path: string, pointer: string | undefined, wanted: boolean) => {
    if (pointer === undefined || !(wanted || isCardFile(pointer))) return [];
    const found = (await readCard(pointer, boundaries)) ?? (wanted ? { why: 'it holds no metadata' } : null);
    if (found === null) return [];
    if ('facts' in found && !(about === 'target' && found.facts.kind === 'network'))
      return [{ facts: found.facts, file: pointer, path }];
    const why = 'why' in found ? found.why : 'it describes a network; the target needs the card of its images';
    const text = `The card of ${nameOf(about)}, ${pointer}, cannot be used: ${why}.`;
    notes.push({ code: 'card_unreadable', about, path, text });
    return [];
  };
  const compare = (about: string, { facts, file, path }: Read, stated: Stated) => {
    const found = disagreements(stated, facts);
    if (found.length === 0) return;
    const text = `The manifest and the card of ${nameOf(about)}, ${file}, say different things: ${found.join('; ')}. The manifest’s word was taken. Correct the one that is wrong.`;
    notes.push({ code: 'card_contradictory', about, path, text });
  };

  const { target } = manifest;
  const own = [
    ...(await read('target', 'target.card', target.card, false)),
    ...(await read('target', 'target.croissant', target.croissant, true)),
  ];
  for (const card of own) compare('target', card, statedOfTarget(target));
  const theirs: Read[][] = [];
  for (const [index, candidate] of manifest.candidates.entries()) {
    const cards = await read(candidate.id, `candidates[${index}].card`, candidate.card, false);
    for (const card of cards) compare(candidate.id, card, statedOfCandidate(candidate, card.facts.kind));
    theirs.push(cards);
  }
  const factsOf = (cards: readonly Read[]) => cards.map(({ facts }) => facts);
  return {
    ...fillFromCards(manifest, { target: factsOf(own), candidates: theirs.map(factsOf) }),
    notes,
    target: provenanceOf(factsOf(own), target.card),
    targetCounts: {
      images: factsOf(own).find(({ images }) => images !== null)?.images?.most ?? null,
      patients: factsOf(own).find(({ patients }) => patients !== null)?.patients ?? null,
    },
    candidates: manifest.candidates.map(({ card }, index) => provenanceOf(factsOf(theirs[index]!), card)),
    cautions: [
      ...own.flatMap(({ facts }) => facts.cautions.map((caution) => ({ about: 'target', ...caution }))),
      ...manifest.candidates.flatMap(({ id }, index) =>
        theirs[index]!.flatMap(({ facts }) => facts.cautions.map((caution) => ({ about: id, ...caution }))),
      ),
    ],
  };
}

interface Read {
  facts: CardFacts;
  file: string;
  path: string;
}

/** @param pointer whose address may name the dataset on a hub */
function provenanceOf(cards: readonly CardFacts[], pointer: string | undefined): CardProvenance {
  return {
    names: [
      ...cards.flatMap(({ kind, names, trainedOn }) => (kind === 'network' ? trainedOn : names)),
      ...hubId(pointer ?? ''),
    ],
    madeFrom: cards.flatMap(({ madeFrom }) => madeFrom),
    doi: cards.find(({ doi }) => doi !== null)?.doi ?? null,
  };
}

function nameOf(about: string): string {
  return about === 'target' ? 'the target' : about;
}
