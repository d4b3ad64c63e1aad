import { datasetsNamed, shareImages } from './known-datasets.ts';

/** What a manifest says of where a network’s weights or a target’s images come from. */
export interface Provenance {
  /** The target’s name, or the name of the data that the weights were trained on. */
  name: string | null;
  doi: string | null;
  /** Other words that people put a dataset’s name into: an id, a file’s or folder’s name. */
  hints: readonly string[];
}

/** Why weights are taken to have been trained on the target’s images. */
export interface SawTarget {
  /** What the weights are said to be trained on, and where that is said. */
  source: string;
  /** What the target is said to be. */
  target: string;
}

/**
 * Whether a network’s declared training data holds the target’s images. Three grounds, the first that holds is told: one DOI; one name (as the
 * manifest gives them, but for case, spaces and dashes); two known datasets that share images (see known-datasets), named by the manifest, by
 * the candidate’s id or by the file’s name. Nothing is concluded from names that only sound alike.
 * @returns undefined where nothing says so: that is no proof that the weights never saw the target
 */
export function sawTarget(weights: Provenance, target: Provenance): SawTarget | undefined {
  if (weights.doi !== null && target.doi !== null && plainDoi(weights.doi) === plainDoi(target.doi))
    return { source: `data with the DOI ${plainDoi(weights.doi)}`, target: 'data with the same DOI' };
  if (weights.name !== null && target.name !== null && letters(weights.name) === letters(target.name))
    return { source: weights.name, target: target.name };
  const targets = [target.name, ...target.hints].flatMap((text) => datasetsNamed(text ?? '', { whole: true }));
  for (const text of [weights.name, ...weights.hints]) {
    if (text === null) continue;
    for (const own of datasetsNamed(text, { whole: false })) {
      const held = targets.find((name) => shareImages(own, name));
      if (held === undefined) continue;
      const said = letters(text) === letters(own) ? own : `${own} (it says ${text})`;
      return { source: said, target: held === own ? held : `${held}, of which the two share images` };
    }
  }
  return undefined;
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** 10.1000/182 of https://doi.org/10.1000/182, doi:10.1000/182 and the like. */
function plainDoi(text: string): string {
  return /10\.\d{4,9}\/\S+/u.exec(text.toLowerCase())?.[0].replace(/[.,;)]+$/u, '') ?? text.toLowerCase();
}
