/** Counts by name. Only for names out of a list of ours, as every one of them is kept. */
export class Tally {
  readonly #counts = new Map<string, number>();

  note(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  view(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
