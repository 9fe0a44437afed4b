/**
 * Keeps frames back until what must be on disk before them is. Whoever makes them need not wait: Baileys sends the messages
 * of a session one after the other, and would stand still for the disk with each.
 */

/** What is used of a WebSocket of ws. */
interface Sending {
  send(data: unknown, done: (error?: Error) => void): void;
  close(...how: unknown[]): void;
}

interface Frame {
  data: unknown;
  /** The last hold that was taken before the frame was made. */
  hold: number;
  /** Who waits for it to be written. */
  settle: ((error?: Error) => void)[];
}

/** Beyond so many things on their way to the disk, whoever brings another waits for it. */
const MAX_UNDER_WAY = 64;

export class FrameGate {
  readonly #frames: Frame[] = [];
  #send: Sending["send"] | undefined;
  #holds = 0;
  #passed = 0;
  #fault: Error | undefined;
  /** Closes the connection, which was asked for while frames waited. */
  #close: (() => void) | undefined;

  /**
   * Takes over a WebSocket's `send`, and its `close`, which comes after the frames that wait: a logout may be one of them.
   * Call it before anything is sent.
   */
  install(socket: Sending): void {
    this.#send = socket.send.bind(socket);
    const close = socket.close.bind(socket);
    socket.send = (data, done) => {
      this.#take(data, done);
    };
    socket.close = (...how) => {
      if (this.#frames.length === 0) close(...how);
      else this.#close = () => { close(...how); };
    };
  }

  /**
   * Frames made from now on wait until something is on disk; if it never will be, they and all that come later are not sent.
   * Holds must end in the order they were taken.
   * @returns false when there is nothing to keep back frames of, or too much on its way: then the caller has to wait itself.
   */
  hold(durable: Promise<unknown>): boolean {
    if (this.#send === undefined || this.#holds - this.#passed >= MAX_UNDER_WAY) return false;
    const hold = (this.#holds += 1);
    durable.then(
      () => {
        this.#passed = hold;
        this.#release();
      },
      (error: unknown) => {
        this.#break(new Error("what belongs to a frame is not on disk", { cause: error }));
      },
    );
    return true;
  }

  /** Resolves when every frame made so far was written to the connection. @throws Error when one cannot be */
  async written(): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    const last = this.#frames.at(-1);
    if (last === undefined) return;
    await new Promise<void>((resolve, reject) => {
      last.settle.push((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  /** A frame that has to wait counts as written for who made it. */
  #take(data: unknown, done: (error?: Error) => void): void {
    if (this.#fault !== undefined) done(this.#fault);
    else if (this.#frames.length === 0 && this.#passed === this.#holds) this.#send?.(data, done);
    else {
      this.#frames.push({ data, hold: this.#holds, settle: [] });
      done();
    }
  }

  #release(): void {
    while (this.#frames[0] !== undefined && this.#frames[0].hold <= this.#passed) {
      const frame = this.#frames.shift();
      this.#send?.(frame?.data, (error) => {
        for (const settle of frame?.settle ?? []) settle(error ?? undefined);
      });
    }
    if (this.#frames.length === 0) this.#close?.();
  }

  #break(error: Error): void {
    this.#fault = error;
    for (const frame of this.#frames.splice(0)) for (const settle of frame.settle) settle(error);
    this.#close?.();
  }
}
