/**
 * One thing after another. What is asked for again while it is the last in the queue is done once: two calls to stop
 * are one stop, but stop, start, stop are three.
 */
export class Turns {
  #tail: Promise<unknown> = Promise.resolve();
  #last: { name: string; done: Promise<unknown> } | undefined;

  take<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    // The name stands for the work, so its result has the same type.
    if (this.#last?.name === name) return this.#last.done as Promise<T>;
    const done = this.#tail.then(work);
    const entry = { name, done };
    this.#last = entry;
    this.#tail = done.catch(() => undefined).then(() => {
      if (this.#last === entry) this.#last = undefined;
    });
    return done;
  }
}
