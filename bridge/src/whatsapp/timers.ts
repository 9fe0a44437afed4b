/** Timers by name: setting one again replaces it, and none is left behind. */

/** Node fires a timer with a longer delay at once. */
const LONGEST_MS = 2 ** 31 - 1;

export class Timers<Name extends string> {
  readonly #running = new Map<Name, NodeJS.Timeout>();

  /** Calls `run` once after a time of any length. */
  set(name: Name, ms: number, run: () => void): void {
    this.cancel(name);
    const step = Math.min(ms, LONGEST_MS);
    const timer = setTimeout(() => {
      this.#running.delete(name);
      if (ms > step) this.set(name, ms - step, run);
      else run();
    }, step);
    this.#running.set(name, timer);
  }

  has(name: Name): boolean {
    return this.#running.has(name);
  }

  cancel(name: Name): void {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  clear(): void {
    for (const name of [...this.#running.keys()]) this.cancel(name);
  }
}
