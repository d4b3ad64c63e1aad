import { didYouMean, likely } from './expected.ts';
import { quote } from './path.ts';

/** Tells one problem: a stable code, the dotted path, and the message. */
export type Refuse = (code: string, path: string, message: string) => void;

/** Every id stands once. */
export function checkUnique(
  ids: readonly string[],
  path: (index: number) => string,
  what: string,
  refuse: Refuse,
): void {
  const first = new Map<string, number>();
  ids.forEach((id, index) => {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else
      refuse(
        'duplicate-id',
        path(index),
        `Two ${what} are called ${quote(id)} (the first at \`${path(before)}\`). Rename one.`,
      );
  });
}

/** “there is no candidate "x". Did you mean `y`? Candidates: y, z.” */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const list = known.length === 0 ? 'none' : known.slice(0, 20).join(', ');
  return `there is no ${what} ${quote(name)}.${didYouMean(likely(name, known))} Known: ${list}.`;
}
