/**
 * How many sessions may be connecting at once. After a restart hundreds of them want to, and each handshake and
 * login takes its share of the CPU. First come, first served, except that what a person waits for, and a link that is
 * only half made, goes before what comes back by itself.
 */
export class ConnectGate {
  readonly #slots: number;
  readonly #urgent: (() => void)[] = [];
  readonly #patient: (() => void)[] = [];
  #taken = 0;

  constructor(slots: number) {
    this.#slots = slots;
  }

  /**
   * Calls `enter` once there is room, at once when there is.
   * @returns a function that leaves the queue or gives the slot back; calling it again does nothing.
   */
  request(enter: () => void, urgent = false): () => void {
    const queue = urgent ? this.#urgent : this.#patient;
    let entered = false;
    let done = false;
    const go = (): void => {
      entered = true;
      this.#taken += 1;
      enter();
    };
    if (this.#taken < this.#slots) go();
    else queue.push(go);
    return () => {
      if (done) return;
      done = true;
      if (!entered) {
        const place = queue.indexOf(go);
        if (place >= 0) queue.splice(place, 1);
        return;
      }
      this.#taken -= 1;
      (this.#urgent.shift() ?? this.#patient.shift())?.();
    };
  }
}
