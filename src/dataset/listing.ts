import { compareCodeUnits } from './names.ts';
import type { ImageRecord } from './types.ts';

/** What a format's reader finds, before it is judged. */
export interface Listing {
  /** Real path that ids are relative to. */
  root: string;
  images: ImageRecord[];
  classes: string[];
  /** How the labels were given; `none` when there are none. */
  kind: 'one' | 'many' | 'none';
  /** Whether groups were declared. */
  grouped: boolean;
}

/** Class names in code-unit order, and each image's index into them. */
export function indexClasses(names: readonly (string | undefined)[]): { classes: string[]; labels: number[][] } {
  const classes = [...new Set(names.filter((name) => name !== undefined))].sort(compareCodeUnits);
  const index = new Map(classes.map((name, i) => [name, i]));
  return { classes, labels: names.map((name) => (name === undefined ? [] : [index.get(name)!])) };
}
