import { TransferEvidenceError } from '../errors.ts';
import { midranks } from './agreement.ts';

/**
 * Spearman's rank correlation ρ, the correlation of midranks (Spearman 1904): 1 the same order, −1 the reverse.
 * @returns null when one side holds all items equal
 * @throws shape-mismatch when the lengths differ
 */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A rank correlation compares as many numbers as numbers; ${a.length} and ${b.length} were given.`,
    );
  const mean = (a.length + 1) / 2;
  const ranksA = midranks(a).map((rank) => rank - mean);
  const ranksB = midranks(b).map((rank) => rank - mean);
  const product = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const spread = product(ranksA, ranksA) * product(ranksB, ranksB);
  return spread > 0 ? product(ranksA, ranksB) / Math.sqrt(spread) : null;
}
