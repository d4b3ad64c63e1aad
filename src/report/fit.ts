/** GitHub refuses a comment of more than 65,536 characters; 60,000 leave room for its own accounting, 1,000 for a note. */
export const commentLimit = 59_000;

export interface FittedPart {
  /** Told to the reader when it is left out. */
  name: string;
  text: string;
  /** The higher, the longer it stays; `Infinity` is never left out. */
  weight: number;
}

/**
 * Joins parts with blank lines, leaving out whole parts, the least important first, until the whole is at most `limit`
 * characters. What is left out is said at the end, with `where` it can be read.
 * The parts that must stay have to fit by themselves; if they do not, the last of them is cut at a line.
 */
export function fitParts(parts: readonly FittedPart[], limit: number, where: string): string {
  const kept = [...parts];
  const dropped: string[] = [];
  const assemble = (): string => {
    const note =
      dropped.length === 0 ? [] : [`<sub>Left out for length: ${[...dropped].reverse().join(', ')}. ${where}</sub>`];
    return [...kept.map(({ text }) => text), ...note].join('\n\n');
  };
  let whole = assemble();
  while (whole.length > limit) {
    const droppable = kept.filter(({ weight }) => weight !== Infinity);
    if (droppable.length === 0) break;
    const least = droppable.reduce((a, b) => (b.weight <= a.weight ? b : a));
    kept.splice(kept.indexOf(least), 1);
    dropped.push(least.name);
    whole = assemble();
  }
  return whole.length <= limit ? whole : cut(whole, limit);
}

function cut(text: string, limit: number): string {
  const ending = '\n\n<sub>Cut for length.</sub>';
  const room = text.slice(0, limit - ending.length);
  return `${room.slice(0, Math.max(room.lastIndexOf('\n'), 0)) || room}${ending}`;
}
