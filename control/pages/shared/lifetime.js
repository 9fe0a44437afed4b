// What belongs to one view and ends with it: its requests, its timers, its streams.

export class Lifetime {
  #ending = new AbortController();

  get signal() {
    return this.#ending.signal;
  }

  get over() {
    return this.#ending.signal.aborted;
  }

  end() {
    this.#ending.abort();
  }

  /** Run `work` now and again, `ms` after it is done, while the page is looked at. A failed run is not the last. */
  async every(ms, work) {
    while (!this.over) {
      if (document.visibilityState === "visible") {
        try {
          await work();
        } catch (error) {
          if (this.over) return;
          if (!(error instanceof Error) || error.name !== "ApiError") throw error;
        }
      }
      await this.sleep(ms);
    }
  }

  /**
   * Wait; returns at once when the view ends, or when `nudge` gets the event `go`.
   * @param {EventTarget} [nudge]
   */
  sleep(ms, nudge) {
    return new Promise((resolve) => {
      if (this.over) return resolve(undefined);
      const done = () => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", done);
        nudge?.removeEventListener("go", done);
        resolve(undefined);
      };
      const timer = setTimeout(done, ms);
      this.signal.addEventListener("abort", done);
      nudge?.addEventListener("go", done);
    });
  }
}
