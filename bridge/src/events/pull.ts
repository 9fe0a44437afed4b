/** Long polls of the journal. Each connection has at most one waiting; a newer one sends the older home. */
import type { EventPullParams, EventPullResult } from "../rpc/contract.gen.js";
import type { Journal } from "./journal.js";

export class Puller {
  readonly #journal: Journal;
  readonly #waiting = new WeakMap<object, () => void>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Events after a position, waiting up to `waitMs` for the first one. Ends early, with none, when `signal` fires. */
  async pull(params: EventPullParams, connection: object, signal: AbortSignal): Promise<EventPullResult> {
    this.#waiting.get(connection)?.();
    if (params.waitMs > 0 && !this.#journal.hasAfter(params.after)) {
      const superseded = await this.#wait(params, connection, signal);
      if (superseded) return { events: [], headPosition: this.#journal.health().headPosition };
    }
    return this.#journal.read(params.after, params.max);
  }

  /** Waits for an event after the position. @returns true when a newer pull took this one's place. */
  #wait(params: EventPullParams, connection: object, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      let forget: () => void = () => undefined;
      const settle = (superseded: boolean): void => {
        clearTimeout(timer);
        forget();
        signal.removeEventListener("abort", stop);
        if (this.#waiting.get(connection) === supersede) this.#waiting.delete(connection);
        resolve(superseded);
      };
      const stop = (): void => {
        settle(false);
      };
      const supersede = (): void => {
        settle(true);
      };
      const timer = setTimeout(stop, params.waitMs);
      const listen = (): void => {
        forget = this.#journal.onNext(() => {
          if (this.#journal.hasAfter(params.after)) stop();
          else listen();
        });
      };
      this.#waiting.set(connection, supersede);
      signal.addEventListener("abort", stop, { once: true });
      listen();
      if (signal.aborted) stop();
    });
  }
}
