/**
 * What two spellings of one name have in common: letters and digits only, in lower case, without accents. Case, hyphens,
 * underscores, spaces and punctuation play no part (`X-ray`, `x ray`, `XRay`). A name of nothing but signs is kept as it is.
 */
export function bareName(name: string): string {
  const bare = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return bare === '' ? name.trim() : bare;
}

/**
 * The bare name and that of its regular English plural. Two names are the same when they share a form, so that one may
 * be the plural of the other. Irregular plurals (`metastases`) stay different.
 */
export function formsOf(name: string): [bare: string, plural: string] {
  const bare = bareName(name);
  const plural = /(?:s|x|z|ch|sh)$/.test(bare)
    ? `${bare}es`
    : /[bcdfghjklmnpqrstvwxz]y$/.test(bare)
      ? `${bare.slice(0, -1)}ies`
      : `${bare}s`;
  return [bare, plural];
}

/** Which of the known names each form belongs to; the first where several do. */
export function indexOfForms(names: readonly string[]): Map<string, number> {
  const index = new Map<string, number>();
  names.forEach((name, at) => {
    for (const form of formsOf(name)) if (!index.has(form)) index.set(form, at);
  });
  return index;
}

/** Position of a name in what {@link indexOfForms} was given, in singular or plural; `undefined` when it is not there. */
export function positionOf(name: string, index: ReadonlyMap<string, number>): number | undefined {
  const [bare, plural] = formsOf(name);
  return index.get(bare) ?? index.get(plural);
}
