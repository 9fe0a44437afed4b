/**
 * One operator's connection: a command a line, answered one after the other. Whatever comes over it costs the bridge
 * little: lines, their number, what is not read and the share of time that commands take are all bounded.
 */
import type { Socket } from "node:net";
import { BridgeError } from "../errors.js";
import type { Logger } from "../log.js";
import { parseLine, printable, Refused, type Answer, type Command } from "./command.js";

/** Bounds of a connection. */
export interface DebugLimits {
  maxLineBytes: number;
  /** Lines that wait for their turn. */
  maxWaiting: number;
  /** Answers that were not read yet; past it the connection is closed. */
  maxUnreadBytes: number;
  /** A connection on which nothing is asked or watched for so long is closed. */
  idleMs: number;
  /** After a command the next one waits so many times what it took: looking must not slow what is looked at. */
  restTimes: number;
}

export const DEBUG_LIMITS: DebugLimits = { maxLineBytes: 1024, maxWaiting: 32, maxUnreadBytes: 512 * 1024, idleMs: 10 * 60_000, restTimes: 4 };

const NEWLINE = 0x0a;

/** Nobody waits longer than some seconds for the next command, whatever the last one took. */
const MAX_COUNTED_MS = 1000;

export class DebugConnection {
  readonly #socket: Socket;
  readonly #commands: ReadonlyMap<string, Command>;
  readonly #log: Logger;
  readonly #limits: DebugLimits;
  readonly #gone = new AbortController();
  #input: Buffer = Buffer.alloc(0);
  #waiting: string[] = [];
  #running: AbortController | undefined;
  #ended = false;
  #once = false;
  #idle: NodeJS.Timeout | undefined;

  constructor(socket: Socket, commands: ReadonlyMap<string, Command>, log: Logger, limits: DebugLimits = DEBUG_LIMITS) {
    this.#socket = socket;
    this.#commands = commands;
    this.#log = log;
    this.#limits = limits;
    this.#awaitInput();
    socket.on("data", (chunk: Buffer) => {
      this.#read(chunk);
    });
    // Whoever sends its commands and closes its side still gets the answers, but nothing to watch.
    socket.on("end", () => {
      this.#ended = true;
      this.#running?.abort();
      this.#endWhenDone();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(this.#idle);
      this.#waiting = [];
      this.#gone.abort();
      this.#running?.abort();
    });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    this.#awaitInput();
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    for (let end = this.#input.indexOf(NEWLINE); end !== -1 && !this.#over; end = this.#input.indexOf(NEWLINE)) {
      if (end > this.#limits.maxLineBytes) break;
      const line = this.#input.subarray(0, end);
      this.#input = this.#input.subarray(end + 1);
      this.#take(line.toString("utf8").replace(/\r$/, "").trim());
    }
    if (!this.#over && this.#input.length > this.#limits.maxLineBytes) this.#refuse(`A line has at most ${this.#limits.maxLineBytes} bytes.`);
  }

  #take(line: string): void {
    // What is being watched ends with the next line, whatever is in it.
    this.#running?.abort();
    if (line === "") return;
    if (this.#waiting.length >= this.#limits.maxWaiting) {
      this.#refuse("Too many commands at once.");
      return;
    }
    this.#waiting.push(line);
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#running !== undefined) return;
    for (let line = this.#waiting.shift(); line !== undefined && !this.#over; line = this.#waiting.shift()) {
      if (line === "quit") {
        this.#socket.destroySoon();
        break;
      }
      if (line.startsWith("once ")) {
        this.#once = true;
        line = line.slice("once ".length);
      }
      this.#running = new AbortController();
      const beganMs = performance.now();
      const isLive = await this.#run(line, this.#running.signal);
      const tookMs = performance.now() - beganMs;
      if (this.#once) this.#ended = true;
      const isLast = this.#ended && this.#waiting.length === 0;
      // A command that watches takes its time without costing any.
      if (!isLast && !isLive) await this.#rest(Math.min(tookMs, MAX_COUNTED_MS) * this.#limits.restTimes);
      this.#running = undefined;
      this.#awaitInput();
    }
    this.#endWhenDone();
  }

  /** @returns true for a command that watched. */
  async #run(line: string, stopped: AbortSignal): Promise<boolean> {
    const json = / --json(?= |$)/.test(line);
    let live = false;
    try {
      const { command, args, flags } = parseLine(line, this.#commands);
      live = command.live === true;
      const answer = await command.run({
        args,
        stopped,
        flag: (name) => flags.get(name),
        show: (shown) => {
          if (!stopped.aborted) this.#answer(shown, json, "\n");
        },
      });
      this.#answer(answer, json);
    } catch (error) {
      this.#answer(this.#problem(error), json);
    }
    return live;
  }

  #problem(error: unknown): Answer {
    let sentence = "That went wrong in the bridge; its log has the details.";
    if (error instanceof Refused || error instanceof BridgeError) sentence = error.message;
    else this.#log.error({ err: error }, "a command of the debug socket failed");
    return { text: `error: ${sentence}`, json: { error: sentence } };
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#gone.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#gone.signal.addEventListener("abort", done, { once: true });
    });
  }

  #answer({ text, json }: Answer, asJson: boolean, after = "\n\n"): void {
    if (!this.#socket.writable) return;
    this.#socket.write(asJson ? `${JSON.stringify(json)}\n` : `${text}${after}`);
    if (this.#socket.writableLength > this.#limits.maxUnreadBytes) {
      this.#log.warn("a debug connection does not read its answers and is closed");
      this.#socket.destroy();
    }
  }

  #refuse(sentence: string): void {
    this.#waiting = [];
    this.#input = Buffer.alloc(0);
    this.#answer({ text: `error: ${printable(sentence)}`, json: {} }, false);
    this.#socket.destroySoon();
  }

  get #over(): boolean {
    return this.#socket.destroyed || this.#socket.writableEnded;
  }

  #endWhenDone(): void {
    if (this.#ended && this.#running === undefined && this.#waiting.length === 0 && !this.#over) this.#socket.destroySoon();
  }

  #awaitInput(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      if (this.#running === undefined) this.#socket.destroy();
    }, this.#limits.idleMs).unref();
  }
}
