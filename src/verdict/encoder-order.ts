import type { Evidence } from '../evidence/schema.ts';
import type { MeasureName } from '../measures.ts';
import { contests, ordered } from './ranking.ts';

/** Whether the order of sources by one distance is the encoder's or the sources'. */
export interface EncoderOrder {
  encoders: string[];
  /** Pairs of sources. */
  pairs: number;
  /** Those that at least two encoders tell apart. */
  decided: number;
  /** Of these the ones that two encoders put in opposite orders. */
  reversed: { closer: string; farther: string; in: string; but: string }[];
}

/**
 * Sets the encoders against each other, pair by pair of sources: a pair counts where two encoders tell it apart (Holm over the
 * first source's comparisons, split-half null exceeded), so that what is noise in one is no disagreement.
 * @returns null with fewer than two encoders or sources
 */
export function encoderOrder(evidence: Evidence, measure: MeasureName): EncoderOrder | null {
  const encoders = evidence.encoders
    .map(({ id }) => id)
    .filter((encoder) => ordered(evidence, measure, { encoder }).length > 1);
  if (encoders.length < 2) return null;
  const sources = [...new Set(encoders.flatMap((encoder) => ordered(evidence, measure, { encoder })))].sort();
  const found: EncoderOrder = { encoders, pairs: 0, decided: 0, reversed: [] };
  for (const [i, first] of sources.entries()) {
    const others = sources.slice(i + 1);
    const told = encoders.map((encoder) => ({
      encoder,
      contests: contests(evidence, measure, first, others, encoder).filter(({ apart }) => apart),
    }));
    for (const second of others) {
      found.pairs++;
      const deciding = told.flatMap(({ encoder, contests: own }) => {
        const contest = own.find(({ other }) => other === second);
        return contest ? [{ encoder, firstIsCloser: contest.interval.value < 0 }] : [];
      });
      if (deciding.length < 2) continue;
      found.decided++;
      const closer = deciding.find(({ firstIsCloser }) => firstIsCloser);
      const farther = deciding.find(({ firstIsCloser }) => !firstIsCloser);
      if (closer && farther)
        found.reversed.push({ closer: first, farther: second, in: closer.encoder, but: farther.encoder });
    }
  }
  return found;
}
