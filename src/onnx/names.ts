/** Names in use, and names that are not. */
export class Names {
  readonly #taken = new Set<string>();
  /** By name, the least number that may still be free behind it: names are never given back. */
  readonly #next = new Map<string, number>();

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  add(name: string): void {
    this.#taken.add(name);
  }

  /** `name` itself or, when taken, `name_2`, `name_3`, …; takes it. */
  free(name: string): string {
    let found = name;
    let number = this.#next.get(name) ?? 2;
    while (this.#taken.has(found)) found = `${name}_${number++}`;
    this.#next.set(name, number);
    this.#taken.add(found);
    return found;
  }
}
