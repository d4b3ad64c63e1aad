/** The last few things that were made, by key: what is wanted again soon is not made again, and memory stays bounded. */
export class Recent<Made> {
  readonly #most: number;
  readonly #kept = new Map<string, Promise<Made>>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => Promise<Made>): Promise<Made> {
    const made = this.#kept.get(key) ?? make();
    this.#kept.delete(key);
    this.#kept.set(key, made);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most) this.#kept.delete(oldest!);
    return made;
  }
}
